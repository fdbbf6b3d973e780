// SPDX-License-Identifier: GPL-2.0-only
/* lab layouts: how much of what was measured is the layout's. */
#include <string.h>

#include "layouts.h"
#include "util.h"

static const char usage[] =
"usage: lab layouts COMPARE.json\n"
"\n"
"For each side that took turns over several layouts (--layouts): what share of\n"
"the variance of each outcome is between layouts, the rest being between seeds\n"
"of one layout; and p, the chance to find as much if layouts made no difference.\n";

int cmd_layouts(int argc, char **argv)
{
	struct comparison c;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc != 2 || (*argv[1] == '-' && argv[1][1]))
		fail("expected COMPARE.json; --help says more");
	comparison_load(&c, argv[1]);
	if (!render_layouts(stdout, &c))
		fail("%s: no side has two layouts, and one of them two seeds",
		     argv[1]);
	return 0;
}
