# SPDX-License-Identifier: GPL-2.0
# data (report.tsv), picture, keys: what each policy copies under its lock, against the share of writes.
set terminal pngcairo size 1100,480 font "sans,10"
set output picture
set datafile separator "\t"
set key top left
set xlabel "fresh-key writes, % of operations"
set logscale y
set format y "10^{%T}"
set grid ytics
set yrange [1:*]
set xtics ("1" 1, "10" 10, "20" 20, "30" 30, "50" 50)
rows(policy, column) = strcol(1) eq policy ? column : NaN
set multiplot layout 1,2 title sprintf("%d words under loads and fresh-key inserts: what is copied while the lock is held", keys)
set title "most entries copied in one hold"
plot data using (column(2)):(rows("classic", column(10))) with linespoints lw 2 pt 7 title "classic (Go up to 1.23)", \
     data using (column(2)):(rows("cow", column(10))) with linespoints lw 2 pt 5 title "cow"
set title "entries copied in the whole run"
plot data using (column(2)):(rows("classic", column(9)) + 1) with linespoints lw 2 pt 7 title "classic (Go up to 1.23)", \
     data using (column(2)):(rows("cow", column(9)) + 1) with linespoints lw 2 pt 5 title "cow"
unset multiplot
