// SPDX-License-Identifier: GPL-2.0-only
/*
 * The result of a guest as it came over the second serial line: version 1 of
 * the protocol of Documentation/lab.md. Strict: a line that is not understood
 * makes the whole result invalid.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "judge.h"
#include "util.h"

#define WORDS_MAX	5
#define LINE_MAX_BYTES	2048

/**
 * struct reader - where the parser is
 * @text: start of everything
 * @next: first byte that was not read
 * @end: after the last byte
 * @number: of the current line
 * @word: the current line's words; the last holds the rest of the line
 * @words: how many
 * @line: the current line, cut into words
 * @result: what is filled in
 */
struct reader {
	const char *text, *next, *end;
	unsigned int number;
	char *word[WORDS_MAX];
	unsigned int words;
	char line[LINE_MAX_BYTES];
	struct result *result;
};

static bool wrong(struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool wrong(struct reader *reader, const char *format, ...)
{
	struct result *result = reader->result;
	va_list arguments;
	int used;

	used = snprintf(result->error, sizeof(result->error), "line %u: ",
			reader->number);
	va_start(arguments, format);
	vsnprintf(result->error + used, sizeof(result->error) - used, format,
		  arguments);
	va_end(arguments);
	return false;
}

/* Fetch a line into reader->line; false at the end or if it is malformed. */
static bool next_line(struct reader *reader)
{
	const char *eol = memchr(reader->next, '\n',
				 reader->end - reader->next);
	size_t length, i;

	reader->number++;
	if (!eol)
		return wrong(reader, "expected a line that ends, found %s",
			     reader->next == reader->end ?
			     "the end of the result" : "a cut-off line");
	length = eol - reader->next;
	if (length >= LINE_MAX_BYTES)
		return wrong(reader, "expected at most %d bytes in a line",
			     LINE_MAX_BYTES - 1);
	for (i = 0; i < length; i++)
		if ((unsigned char)reader->next[i] < ' ' ||
		    reader->next[i] == 0x7f)
			return wrong(reader, "expected text, found byte 0x%02x",
				     (unsigned char)reader->next[i]);
	memcpy(reader->line, reader->next, length);
	reader->line[length] = '\0';
	reader->next = eol + 1;
	return true;
}

/* Cut the line at single blanks into at most @most words. */
static void cut(struct reader *reader, unsigned int most)
{
	char *rest = reader->line;

	reader->words = 0;
	while (rest && reader->words + 1 < most) {
		reader->word[reader->words++] = rest;
		rest = strchr(rest, ' ');
		if (rest)
			*rest++ = '\0';
	}
	if (rest)
		reader->word[reader->words++] = rest;
}

static bool good_name(const char *name)
{
	if (!*name || *name == '.' || strlen(name) > 80)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_.-", *name))
			return false;
	return true;
}

static bool number_of(const char *text, bool negative, int64_t *value)
{
	const char *digits = text;
	char *end;

	if (negative && *digits == '-')
		digits++;
	if (!isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return !errno && !*end;
}

static bool set_new(struct reader *reader, json_t *object, const char *name,
		    json_t *value)
{
	if (!good_name(name)) {
		json_decref(value);
		return wrong(reader, "expected a name, found '%.80s'", name);
	}
	if (json_object_get(object, name)) {
		json_decref(value);
		return wrong(reader, "'%s' was given already", name);
	}
	return !json_object_set_new(object, name, value);
}

static bool set_number(struct reader *reader, json_t *object, const char *name,
		       const char *text, bool negative)
{
	int64_t value;

	if (!number_of(text, negative, &value))
		return wrong(reader, "expected a whole number, found '%.80s'",
			     text);
	return set_new(reader, object, name, json_integer(value));
}

static json_t *member(json_t *object, const char *name)
{
	json_t *found = json_object_get(object, name);

	if (!found && good_name(name)) {
		found = json_object();
		json_object_set_new(object, name, found);
	}
	return found;
}

static bool read_value(struct reader *reader)
{
	return set_number(reader, reader->result->values, reader->word[1],
			  reader->word[2], false);
}

static bool read_vmstat(struct reader *reader)
{
	return set_number(reader, reader->result->vmstat, reader->word[1],
			  reader->word[2], true);
}

static bool read_param(struct reader *reader)
{
	return set_new(reader, reader->result->params, reader->word[1],
		       json_string(reader->word[2]));
}

static bool one_of(const char *word, const char * const *list)
{
	for (; *list; list++)
		if (!strcmp(word, *list))
			return true;
	return false;
}

static bool read_latency(struct reader *reader)
{
	static const char * const kinds[] = {
		"p50", "p99", "p999", "max", "count", NULL
	};
	json_t *of;

	if (!one_of(reader->word[2], kinds))
		return wrong(reader,
			     "expected p50, p99, p999, max or count, found '%.40s'",
			     reader->word[2]);
	of = member(reader->result->latency, reader->word[1]);
	if (!of)
		return wrong(reader, "expected a name, found '%.80s'",
			     reader->word[1]);
	return set_number(reader, of, reader->word[2], reader->word[3], false);
}

static bool read_psi(struct reader *reader)
{
	return set_number(reader, reader->result->psi, reader->word[1],
			  reader->word[2], false);
}

static bool read_stack(struct reader *reader)
{
	json_t *of = member(reader->result->stack, reader->word[1]);

	if (!of)
		return wrong(reader, "expected a class, found '%.80s'",
			     reader->word[1]);
	return set_number(reader, of, reader->word[2], reader->word[3], false);
}

static bool read_histogram(struct reader *reader)
{
	json_t *of = json_object_get(reader->result->histograms,
				     reader->word[1]);
	int64_t low, count;

	if (!number_of(reader->word[2], false, &low) ||
	    !number_of(reader->word[3], false, &count))
		return wrong(reader, "expected a lower bound and a count");
	if (!of) {
		of = json_array();
		if (!set_new(reader, reader->result->histograms,
			     reader->word[1], of))
			return false;
	}
	return !json_array_append_new(of, json_pack("[I, I]", (json_int_t)low,
						    (json_int_t)count));
}

static bool read_check(struct reader *reader)
{
	static const char * const kinds[] = { "ok", "corrupt", "fail", NULL };
	const char *text = reader->words > 3 ? reader->word[3] : "";
	json_t *check;

	if (!good_name(reader->word[1]))
		return wrong(reader, "expected a name, found '%.80s'",
			     reader->word[1]);
	if (!one_of(reader->word[2], kinds))
		return wrong(reader,
			     "expected ok, corrupt or fail, found '%.40s'",
			     reader->word[2]);
	check = json_pack("{s:s, s:s, s:s}", "name", reader->word[1],
			  "status", reader->word[2], "text", text);
	if (!check)
		return wrong(reader, "expected text in UTF-8");
	return !json_array_append_new(reader->result->checks, check);
}

static bool read_file(struct reader *reader)
{
	size_t offset = reader->next - reader->text;
	const char *c;
	int64_t bytes;

	if (!good_name(reader->word[1]))
		return wrong(reader, "expected a file name, found '%.80s'",
			     reader->word[1]);
	if (!number_of(reader->word[2], false, &bytes))
		return wrong(reader, "expected a size, found '%.40s'",
			     reader->word[2]);
	if (bytes >= reader->end - reader->next || reader->next[bytes] != '\n')
		return wrong(reader, "expected %" PRId64 " bytes and a line feed",
			     bytes);
	for (c = reader->next; c <= reader->next + bytes; c++)
		reader->number += *c == '\n';
	reader->next += bytes + 1;
	return !json_array_append_new(reader->result->files,
				      json_pack("{s:s, s:I, s:I}", "name",
						reader->word[1], "offset",
						(json_int_t)offset, "bytes",
						(json_int_t)bytes));
}

static bool read_exit(struct reader *reader)
{
	int64_t status;

	if (!number_of(reader->word[1], false, &status) || status > 255)
		return wrong(reader, "expected a status from 0 to 255, found '%.40s'",
			     reader->word[1]);
	reader->result->exit_status = status;
	return true;
}

static bool read_end(struct reader *reader, const char *line_start)
{
	unsigned long crc = crc32_z(0, (const Bytef *)reader->text,
				    line_start - reader->text);
	char expected[9];

	snprintf(expected, sizeof(expected), "%08lx", crc);
	if (strcmp(reader->word[1], expected))
		return wrong(reader, "expected checksum %s, found '%.40s'",
			     expected, reader->word[1]);
	if (reader->next != reader->end)
		return wrong(reader, "expected nothing after the end");
	return true;
}

/* Lines by first word; @least and @most count words with the first. */
static const struct kind {
	const char *name;
	unsigned int least, most;
	bool (*read)(struct reader *reader);
} kinds[] = {
	{ "param", 3, 3, read_param },
	{ "value", 3, 3, read_value },
	{ "vmstat", 3, 3, read_vmstat },
	{ "latency", 4, 4, read_latency },
	{ "histogram", 4, 4, read_histogram },
	{ "psi", 3, 3, read_psi },
	{ "stack", 4, 4, read_stack },
	{ "check", 3, 4, read_check },
	{ "file", 3, 3, read_file },
	{ "exit", 2, 2, read_exit },
};

static bool read_line(struct reader *reader)
{
	size_t i, length = strcspn(reader->line, " ");

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strlen(kinds[i].name) != length ||
		    memcmp(reader->line, kinds[i].name, length))
			continue;
		cut(reader, kinds[i].most);
		if (reader->words < kinds[i].least)
			return wrong(reader, "expected %u words after %s",
				     kinds[i].least - 1, kinds[i].name);
		return kinds[i].read(reader);
	}
	return wrong(reader, "expected a line of the protocol, found '%.40s'",
		     reader->line);
}

/**
 * result_parse() - read a result
 * @text: all of it
 * @length: in bytes
 * @result: filled in; to be freed with result_free() in any case
 *
 * Return: whether it is valid; if not, result->error has the line and what was
 * expected there.
 */
bool result_parse(const char *text, size_t length, struct result *result)
{
	struct reader reader = {
		.text = text, .next = text, .end = text + length,
		.result = result,
	};

	memset(result, 0, sizeof(*result));
	result->values = json_object();
	result->vmstat = json_object();
	result->latency = json_object();
	result->histograms = json_object();
	result->psi = json_object();
	result->stack = json_object();
	result->params = json_object();
	result->checks = json_array();
	result->files = json_array();
	result->exit_status = -1;

	if (!length)
		return wrong(&reader, "there is no result");
	if (!next_line(&reader))
		return false;
	if (strcmp(reader.line, "lab-results 1"))
		return wrong(&reader, "expected 'lab-results 1', found '%.40s'",
			     reader.line);
	for (;;) {
		const char *start = reader.next;

		if (!next_line(&reader))
			return false;
		if (!strncmp(reader.line, "end ", 4)) {
			cut(&reader, 2);
			if (result->exit_status < 0)
				return wrong(&reader, "expected 'exit' before 'end'");
			return read_end(&reader, start);
		}
		if (result->exit_status >= 0)
			return wrong(&reader, "expected 'end' after 'exit'");
		if (!read_line(&reader))
			return false;
	}
}

/**
 * result_free() - release what result_parse() made
 * @result: filled in by result_parse()
 */
void result_free(struct result *result)
{
	json_decref(result->values);
	json_decref(result->vmstat);
	json_decref(result->latency);
	json_decref(result->histograms);
	json_decref(result->psi);
	json_decref(result->stack);
	json_decref(result->params);
	json_decref(result->checks);
	json_decref(result->files);
}
