// SPDX-License-Identifier: GPL-2.0-only
/* The command line of a workload, from a table. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

#define OPTIONS_MAX 24
/* What getopt_long() returns for the first option of the table. */
#define FIRST 256

static int parse_number(const char *text, const struct command_option *option)
{
	uint64_t value;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return -1;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || value < option->low || value > option->high)
		return -1;
	*option->number = value;
	return 0;
}

/**
 * options_parse() - read a command line that has options only
 * @program: name for messages
 * @argc: of main()
 * @argv: of main()
 * @table: the options, ended by one without a name; --help is there anyway
 * @usage: prints the usage; --help calls it with stdout and exits with 0
 *
 * Return: 0, or -1 after one line on stderr that says what is wrong.
 */
int options_parse(const char *program, int argc, char **argv,
		  const struct command_option *table, void (*usage)(FILE *out))
{
	struct option names[OPTIONS_MAX + 2] = { 0 };
	int found, count;

	for (count = 0; table[count].name && count < OPTIONS_MAX; count++) {
		names[count].name = table[count].name;
		names[count].has_arg = table[count].flag ? no_argument :
							   required_argument;
		names[count].val = FIRST + count;
	}
	names[count].name = "help";
	names[count].val = 'h';
	while ((found = getopt_long(argc, argv, "", names, NULL)) != -1) {
		const struct command_option *option;

		if (found == 'h') {
			usage(stdout);
			exit(0);
		}
		if (found < FIRST)
			return -1;
		option = &table[found - FIRST];
		if (option->flag) {
			*option->flag = true;
		} else if (option->text) {
			*option->text = optarg;
		} else if (parse_number(optarg, option)) {
			fprintf(stderr,
				"%s: --%s: '%s' is not a number in %" PRIu64
				"..%" PRIu64 "\n",
				program, option->name, optarg, option->low,
				option->high);
			return -1;
		}
	}
	if (optind != argc) {
		fprintf(stderr, "%s: unexpected argument '%s'\n", program,
			argv[optind]);
		return -1;
	}
	return 0;
}
