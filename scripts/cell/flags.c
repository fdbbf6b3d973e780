// SPDX-License-Identifier: GPL-2.0-only
/* The flags that subcommands of lab have in common. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "util.h"

#define NOISE_LIMIT	0.05

/* Each takes a link of the kernel, and the room of its image. */
#define LAYOUTS_MAX	64

const char flags_choice_help[] =
"Which cells:\n"
"  --a SIDE, --b SIDE   the kernels: vanilla, patched (also -debug), a release\n"
"                       like 6.12, a directory of kernel source, TREE@REF,\n"
"                       or a bzImage; SIDE+PATCHES: with a mailbox or a\n"
"                       directory of patches on top\n"
"  --a-modules DIR, --b-modules DIR\n"
"                       for a bzImage outside of its build directory: kernel\n"
"                       headers, or modules\n"
"  --kernel 7.3|PATH    the base of vanilla and patched\n"
"  --fs NAMES           folders of fs/ (all)\n"
"  --scenarios NAMES    of their scenarios (all)\n"
"  --scenario FILES     scenarios of yours, or these files of fs/, instead\n"
"  --seeds LIST         how many, or a list like 1-8,12\n"
"  --seed-offset N      seeds of B are those of A plus N\n"
"  --clock virtual|host, --vcpus N\n"
"                       instead of what the scenario says\n"
"  --append WORDS       for the guest's command line; lab.set.KEY=VALUE changes\n"
"                       a scenario; --append-a, --append-b for one side alone\n"
"  --extra-memory MIB   more memory for every guest\n"
"  --layouts LIST       how many images of each kernel, or a list: the same\n"
"                       objects, padding in front of mm/; seeds take turns.\n"
"                       --layouts-a, --layouts-b for one side alone\n";

const char flags_run_help[] =
"How they are run:\n"
"  --jobs N             guests at once (as many as processors; host clock: 1)\n"
"  --limit SECONDS      of the host's clock, per guest (1800)\n"
"  --noise-limit SHARE  of CPU time that others may have, host clock (0.05)\n"
"  --retry              run cells again that are not ok, or were disturbed\n";

enum {
	OPTION_HELP = 256,
	OPTION_BUILD,
	OPTION_OUT,
	OPTION_A,
	OPTION_B,
	OPTION_A_MODULES,
	OPTION_B_MODULES,
	OPTION_KERNEL,
	OPTION_FS,
	OPTION_SCENARIOS,
	OPTION_SCENARIO,
	OPTION_SEEDS,
	OPTION_DEFAULT_SEEDS,
	OPTION_SEED_OFFSET,
	OPTION_CLOCK,
	OPTION_VCPUS,
	OPTION_APPEND,
	OPTION_APPEND_A,
	OPTION_APPEND_B,
	OPTION_EXTRA_MEMORY,
	OPTION_LAYOUTS,
	OPTION_LAYOUTS_A,
	OPTION_LAYOUTS_B,
	OPTION_LAYOUT,
	OPTION_JOBS,
	OPTION_LIMIT,
	OPTION_NOISE_LIMIT,
	OPTION_RETRY,
	OPTION_OUTPUT,
	OPTION_OVERLAY,
	OPTION_SEED,
	OPTION_BUILT,
};

/** struct known - a flag: its name, what it is called in messages, its set */
static const struct known {
	struct option option;
	const char *variable;
	unsigned int sets;
} known[] = {
	{ { "help", no_argument, NULL, OPTION_HELP }, NULL, ~0u },
	{ { "build", required_argument, NULL, OPTION_BUILD }, "BUILD",
	  FLAGS_PLACE },
	{ { "out", required_argument, NULL, OPTION_OUT }, "OUT", FLAGS_PLACE },
	{ { "a", required_argument, NULL, OPTION_A }, "A", FLAGS_CHOICE },
	{ { "b", required_argument, NULL, OPTION_B }, "B", FLAGS_CHOICE },
	{ { "a-modules", required_argument, NULL, OPTION_A_MODULES },
	  "A_MODULES", FLAGS_CHOICE },
	{ { "b-modules", required_argument, NULL, OPTION_B_MODULES },
	  "B_MODULES", FLAGS_CHOICE },
	{ { "kernel", required_argument, NULL, OPTION_KERNEL }, "KERNEL",
	  FLAGS_CHOICE | FLAGS_CELL },
	{ { "fs", required_argument, NULL, OPTION_FS }, "FS",
	  FLAGS_CHOICE | FLAGS_CELL },
	{ { "scenarios", required_argument, NULL, OPTION_SCENARIOS },
	  "SCENARIOS", FLAGS_CHOICE },
	{ { "scenario", required_argument, NULL, OPTION_SCENARIO }, "SCENARIO",
	  FLAGS_CHOICE | FLAGS_CELL },
	{ { "seeds", required_argument, NULL, OPTION_SEEDS }, "SEEDS",
	  FLAGS_CHOICE },
	{ { "default-seeds", required_argument, NULL, OPTION_DEFAULT_SEEDS },
	  NULL, FLAGS_CHOICE },
	{ { "seed-offset", required_argument, NULL, OPTION_SEED_OFFSET },
	  "SEED_OFFSET", FLAGS_CHOICE },
	{ { "clock", required_argument, NULL, OPTION_CLOCK }, "CLOCK",
	  FLAGS_CHOICE | FLAGS_CELL },
	{ { "vcpus", required_argument, NULL, OPTION_VCPUS }, "VCPUS",
	  FLAGS_CHOICE | FLAGS_CELL },
	{ { "append", required_argument, NULL, OPTION_APPEND }, "APPEND",
	  FLAGS_CHOICE | FLAGS_CELL },
	{ { "append-a", required_argument, NULL, OPTION_APPEND_A }, NULL,
	  FLAGS_CHOICE },
	{ { "append-b", required_argument, NULL, OPTION_APPEND_B }, NULL,
	  FLAGS_CHOICE },
	{ { "extra-memory", required_argument, NULL, OPTION_EXTRA_MEMORY },
	  NULL, FLAGS_CHOICE | FLAGS_CELL },
	{ { "layouts", required_argument, NULL, OPTION_LAYOUTS }, "LAYOUTS",
	  FLAGS_CHOICE },
	{ { "layouts-a", required_argument, NULL, OPTION_LAYOUTS_A }, NULL,
	  FLAGS_CHOICE },
	{ { "layouts-b", required_argument, NULL, OPTION_LAYOUTS_B }, NULL,
	  FLAGS_CHOICE },
	{ { "layout", required_argument, NULL, OPTION_LAYOUT }, "--layout",
	  FLAGS_CELL },
	{ { "jobs", required_argument, NULL, OPTION_JOBS }, "JOBS", FLAGS_RUN },
	{ { "limit", required_argument, NULL, OPTION_LIMIT }, "LIMIT",
	  FLAGS_CHOICE | FLAGS_CELL },
	{ { "noise-limit", required_argument, NULL, OPTION_NOISE_LIMIT },
	  "NOISE_LIMIT", FLAGS_RUN },
	{ { "retry", optional_argument, NULL, OPTION_RETRY }, NULL,
	  FLAGS_RUN | FLAGS_CELL },
	{ { "output", required_argument, NULL, OPTION_OUTPUT }, NULL,
	  FLAGS_CELL | FLAGS_PLACE },
	{ { "side", required_argument, NULL, OPTION_A }, "--side", FLAGS_CELL },
	{ { "modules", required_argument, NULL, OPTION_A_MODULES }, NULL,
	  FLAGS_CELL },
	{ { "overlay", required_argument, NULL, OPTION_OVERLAY }, NULL,
	  FLAGS_CELL },
	{ { "seed", required_argument, NULL, OPTION_SEED }, "--seed",
	  FLAGS_CELL },
	{ { "built", no_argument, NULL, OPTION_BUILT }, NULL,
	  FLAGS_CHOICE | FLAGS_CELL },
};

static const char *name_of(int value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].option.val == value)
			return known[i].variable ? known[i].variable :
						   known[i].option.name;
	return "";
}

static long long number(int option, const char *text, long long least,
			long long most)
{
	long long value;
	char *end;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < least || value > most)
		fail("%s: expected a whole number from %lld to %lld, got '%s'",
		     name_of(option), least, most, text);
	return value;
}

static double share(int option, const char *text)
{
	double value;
	char *end;

	value = strtod(text, &end);
	if (end == text || *end || !(value > 0) || value >= 1)
		fail("%s: expected a share like 0.05, got '%s'",
		     name_of(option), text);
	return value;
}

static void take_choice(struct choice *choice, int option, const char *value)
{
	switch (option) {
	case OPTION_FS:
		choice->folders = value;
		break;
	case OPTION_SCENARIOS:
		choice->names = value;
		break;
	case OPTION_SCENARIO:
		choice->files = value;
		break;
	case OPTION_SEEDS:
		seeds_parse(value, name_of(option));
		choice->seeds = value;
		break;
	case OPTION_DEFAULT_SEEDS:
		choice->default_seeds = number(option, value, 1, 1000);
		break;
	case OPTION_SEED_OFFSET:
		choice->seed_offset = number(option, value, 0, SEED_MAX);
		break;
	case OPTION_CLOCK:
		if (strcmp(value, "virtual") && strcmp(value, "host"))
			fail("%s: expected virtual or host, got '%s'",
			     name_of(option), value);
		choice->clock = value;
		break;
	case OPTION_VCPUS:
		choice->vcpus = number(option, value, 1, 8);
		break;
	case OPTION_APPEND:
		choice->append = value;
		break;
	case OPTION_EXTRA_MEMORY:
		choice->extra_memory = number(option, value, 0, 1 << 20);
		break;
	case OPTION_LIMIT:
		choice->limit = number(option, value, 1, 9999999);
		break;
	}
}

/* A version, or a path from where the user is. */
static const char *kernel_of(const char *value)
{
	char *path = user_path(value);

	return access(path, F_OK) ? value : path;
}

static void take(struct flags *flags, int option, const char *value)
{
	switch (option) {
	case OPTION_BUILD:
		flags->choice.place.build = value;
		break;
	case OPTION_OUT:
		flags->choice.place.out = value;
		break;
	case OPTION_A:
		flags->a = value;
		break;
	case OPTION_B:
		flags->b = value;
		break;
	case OPTION_A_MODULES:
		flags->modules[0] = value;
		break;
	case OPTION_B_MODULES:
		flags->modules[1] = value;
		break;
	case OPTION_KERNEL:
		flags->choice.kernel = kernel_of(value);
		break;
	case OPTION_APPEND_A:
		flags->append_of[0] = value;
		break;
	case OPTION_APPEND_B:
		flags->append_of[1] = value;
		break;
	case OPTION_LAYOUTS:
		flags->layouts_of[1] = value;
		/* fallthrough */
	case OPTION_LAYOUTS_A:
		flags->layouts_of[0] = value;
		break;
	case OPTION_LAYOUTS_B:
		flags->layouts_of[1] = value;
		break;
	case OPTION_LAYOUT:
		number(option, value, 1, SEED_MAX);
		/* "5" would be the first five */
		flags->layouts_of[0] = xasprintf("%s-%s", value, value);
		break;
	case OPTION_JOBS:
		flags->run.jobs = number(option, value, 1, 9999);
		break;
	case OPTION_NOISE_LIMIT:
		flags->run.noise_limit = share(option, value);
		break;
	case OPTION_OUTPUT:
		flags->output = value;
		break;
	case OPTION_OVERLAY:
		flags->overlay = value;
		break;
	case OPTION_SEED:
		number(option, value, 0, 2000000000);
		flags->seed = value;
		break;
	default:
		take_choice(&flags->choice, option, value);
	}
}

static void defaults(struct flags *flags)
{
	memset(flags, 0, sizeof(*flags));
	flags->choice.place.build = "build";
	flags->choice.place.out = "out";
	flags->choice.append = "";
	flags->choice.default_seeds = 12;
	flags->choice.limit = CHOICE_LIMIT_S;
	flags->run.noise_limit = NOISE_LIMIT;
}

/* getopt_long() takes abbreviations; scripts/lab looks for all of --build. */
static void check_whole(const char *given, const char *name)
{
	size_t length = strcspn(given, "=");

	if (length != strlen(name) + 2 || strncmp(given + 2, name, length - 2))
		fail("unknown flag %.*s; --help lists them", (int)length,
		     given);
}

int flags_parse(struct flags *flags, int argc, char **argv,
		unsigned int sets, const char *usage)
{
	struct option options[ARRAY_SIZE(known) + 1];
	int option, which = 0;
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].sets & sets)
			options[n++] = known[i].option;
	memset(&options[n], 0, sizeof(options[n]));
	defaults(flags);
	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":", options, &which)) != -1) {
		if (option >= OPTION_HELP)
			check_whole(argv[optind - (optarg == argv[optind - 1]) -
					 1], options[which].name);
		switch (option) {
		case OPTION_HELP:
			fputs(usage, stdout);
			exit(0);
		case OPTION_RETRY:
			flags->run.retry = !optarg || *optarg;
			break;
		case OPTION_BUILT:
			flags->built = true;
			break;
		case ':':
			fail("%s: expected a value", argv[optind - 1]);
		case '?':
			fail("unknown flag %s; --help lists them",
			     argv[optind - 1]);
		default:
			if (*optarg)
				take(flags, option, optarg);
		}
	}
	setenv("BUILD", flags->choice.place.build, 1);
	setenv("OUT", flags->choice.place.out, 1);
	setenv("KERNEL", flags->choice.kernel ? flags->choice.kernel : "", 1);
	flags->run.place = flags->choice.place;
	return optind;
}

/* A user's image is as it is: what it was made of is not ours to write in. */
static void take_layouts(struct side *side, const char *given)
{
	side->layouts_given = given;
	if (!given)
		return;
	if (side->kind == SIDE_IMAGE)
		fail("LAYOUTS: expected a kernel that is built here, got the image %s",
		     side->spec);
	side->layouts = seeds_parse(given, "LAYOUTS");
	if (side->layouts.count > LAYOUTS_MAX)
		fail("LAYOUTS: expected at most %d images of a kernel, got '%s'",
		     LAYOUTS_MAX, given);
}

void flags_sides(struct flags *flags)
{
	struct choice *choice = &flags->choice;
	unsigned int i;

	side_parse(&choice->sides[0], "A", flags->a);
	choice->side_count = 1;
	if (flags->b) {
		side_parse(&choice->sides[1], "B", flags->b);
		sides_tell_apart(&choice->sides[0], &choice->sides[1]);
		choice->side_count = 2;
	}
	for (i = 0; i < choice->side_count; i++) {
		choice->sides[i].modules = flags->modules[i];
		choice->sides[i].append = flags->append_of[i];
		take_layouts(&choice->sides[i], flags->layouts_of[i]);
	}
	choice_check(choice);
	if (!flags->built)
		sides_build(choice->sides, choice->side_count, &choice->place);
}
