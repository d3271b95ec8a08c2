// SPDX-License-Identifier: GPL-2.0
/* Records of the ring of `misses`, told as text and as JSON, which has to be JSON. */
#include <json-c/json.h>
#include <string.h>
#include "fuzz.h"
#include "misses_emit.h"

/* as ring.c keeps a record: cut, or with what was there before behind it */
static union {
	struct misses_event event;
	struct misses_key_event largest;
} record;

static char *tell(enum emit_form form)
{
	struct misses_view view = { .map = { .name = "fuzz" } };
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	view.out = emit_new(file, form, false);
	misses_emit_event(&view, &record.event);
	emit_free(view.out);
	fclose(file);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_object *object;
	char *text;

	memcpy(&record, data, size < sizeof(record) ? size : sizeof(record));
	free(tell(EMIT_TEXT));
	text = tell(EMIT_JSON);
	object = json_tokener_parse(text);
	must(object);
	json_object_put(object);
	free(text);
	return 0;
}
