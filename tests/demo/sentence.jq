# What the table shows, in one sentence.
def of(policy): [.rows[] | select(.policy == policy)];
def most(rows; field): [rows[][field]] | max;

of("classic") as $classic | of("cow") as $cow
| "With \(.keys) keys, classic copied up to \(most($classic; "max_copied_in_one_hold")) entries in one hold of its lock"
+ " (\([$classic[].dirty_copies] | add) dirty copies, \([$classic[].copied_entries] | add) entries);"
+ " cow copied at most \(most($cow; "max_copied_in_one_hold")) entries and"
+ " \(most($cow; "max_copied_bytes_in_one_hold")) bytes, whatever the share of writes."
