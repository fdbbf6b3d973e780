// SPDX-License-Identifier: GPL-2.0-only
/* lab show: one cell, for a person. */
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "command.h"
#include "files.h"
#include "util.h"

static const char usage[] =
"usage: lab show [--out DIR] [--build DIR] CELL\n"
"\n"
"CELL is the id of a cell in OUT/cells/, or its directory. Prints what was run,\n"
"what became of it, what is wrong with it, its figures, and the command that\n"
"runs it again.\n";

static void show_number(const char *name, const json_t *value)
{
	if (json_is_integer(value))
		printf("  %-40s %" JSON_INTEGER_FORMAT "\n", name,
		       json_integer_value(value));
	else
		printf("  %-40s %g\n", name, json_number_value(value));
}

/* Numbers by the path that leads to them; histograms are left out. */
static void show_figures(const char *prefix, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		char *name = xasprintf("%s%s%s", prefix, *prefix ? "." : "",
				       key);

		if (json_is_object(value) && strcmp(key, "histograms_ns"))
			show_figures(name, value);
		else if (json_is_number(value) && json_number_value(value))
			show_number(name, value);
		free(name);
	}
}

static void show_troubles(const json_t *cell)
{
	const char *kind, *text;
	json_t *trouble;
	size_t i;

	json_array_foreach(json_object_get(cell, "troubles"), i, trouble)
		if (!json_unpack(trouble, "{s:s, s:s}", "kind", &kind, "text",
				 &text))
			printf("  %s: %s\n", kind, text);
}

int cmd_show(int argc, char **argv)
{
	struct flags flags;
	int next = flags_parse(&flags, argc, argv, FLAGS_PLACE, usage);
	char *directory, *path, *cell_path;
	json_t *asked, *cell, *line;
	size_t i;

	if (next + 1 != argc)
		fail("expected one cell; --help says more");
	directory = strchr(argv[next], '/') ? user_path(argv[next]) :
		xasprintf("%s/cells/%s", flags.choice.place.out, argv[next]);
	path = xasprintf("%s/asked.json", directory);
	asked = read_json(path);
	printf("%s: %s\n", cell_text(asked, "id"),
	       cell_judge(asked, directory, flags.choice.place.build));
	cell_path = xasprintf("%s/cell.json", directory);
	cell = read_json(cell_path);
	show_troubles(cell);
	printf("run again: %s --output out/again\nsettings:\n",
	       cell_text(asked, "command"));
	json_array_foreach(json_object_get(asked, "settings"), i, line)
		printf("  %s\n", json_string_value(line));
	printf("figures that are not 0:\n");
	show_figures("", cell);
	printf("console: %s/raw/console.log\n", directory);
	return 0;
}
