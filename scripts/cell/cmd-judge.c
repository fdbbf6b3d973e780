// SPDX-License-Identifier: GPL-2.0-only
/* lab judge: say what became of cells from what was captured. */
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "command.h"
#include "files.h"
#include "util.h"

#define EXIT_NOT_OK	2

static const char usage[] =
"usage: lab judge [--build DIR] CELL...\n"
"\n"
"CELL is the directory of a cell, with raw/ and asked.json. Writes its cell.json\n"
"unless this judge has done so, and prints the status. Boots nothing.\n"
"\n"
"Exit status: 0 if all are ok, 2 if one is not, 1 if one could not be judged.\n";

int cmd_judge(int argc, char **argv)
{
	struct flags flags;
	int next = flags_parse(&flags, argc, argv, FLAGS_PLACE, usage);
	int exit_status = 0;

	if (next == argc)
		fail("expected the directory of a cell; --help says more");
	for (; next < argc; next++) {
		char *directory = user_path(argv[next]);
		char *path = xasprintf("%s/asked.json", directory);
		json_t *asked = read_json(path);
		const char *status = cell_judge(asked, directory,
						flags.choice.place.build);

		printf("%s %s\n", status, argv[next]);
		if (strcmp(status, "ok"))
			exit_status = EXIT_NOT_OK;
		json_decref(asked);
		free(path);
		free(directory);
	}
	return exit_status;
}
