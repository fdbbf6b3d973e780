// SPDX-License-Identifier: GPL-2.0-only
/* compare-cells: compares two variants in results.json, paired by seed. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"

#define EXIT_COMPLETE 0
#define EXIT_USAGE 2
#define EXIT_INCOMPLETE 3

enum {
	OPTION_JSON = 256,
	OPTION_TABLE,
	OPTION_MARKDOWN,
	OPTION_KTAP,
	OPTION_KCIDB,
	OPTION_METRICS,
	OPTION_ALL,
	OPTION_ALPHA,
	OPTION_PRECISION,
	OPTION_NOISE_LIMIT,
	OPTION_RESAMPLES,
	OPTION_RNG_SEED,
	OPTION_SEEDS,
	OPTION_SEED_OFFSET,
	OPTION_ORIGIN,
};

static const struct option long_options[] = {
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "table", required_argument, NULL, OPTION_TABLE },
	{ "markdown", required_argument, NULL, OPTION_MARKDOWN },
	{ "ktap", required_argument, NULL, OPTION_KTAP },
	{ "kcidb", required_argument, NULL, OPTION_KCIDB },
	{ "metrics", required_argument, NULL, OPTION_METRICS },
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "alpha", required_argument, NULL, OPTION_ALPHA },
	{ "precision", required_argument, NULL, OPTION_PRECISION },
	{ "noise-limit", required_argument, NULL, OPTION_NOISE_LIMIT },
	{ "resamples", required_argument, NULL, OPTION_RESAMPLES },
	{ "rng-seed", required_argument, NULL, OPTION_RNG_SEED },
	{ "seeds", required_argument, NULL, OPTION_SEEDS },
	{ "seed-offset", required_argument, NULL, OPTION_SEED_OFFSET },
	{ "origin", required_argument, NULL, OPTION_ORIGIN },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
"Usage: compare-cells [OPTION]... A B RESULTS.json\n"
"Compare variant B with variant A, paired by seed; - reads standard input.\n"
"\n"
"Output (FILE - is standard output; a table on standard output if none is given):\n"
"  --json FILE        compare.json: everything\n"
"  --table FILE       for a terminal\n"
"  --markdown FILE    for a mail\n"
"  --ktap FILE        KTAP version 1\n"
"  --kcidb FILE       KernelCI's KCIDB I/O schema 5.3\n"
"  --all              tables show quiet figures too\n"
"\n"
"Method (Documentation/statistics.md):\n"
"  --metrics FILE     units and directions (default scripts/compare/metrics.table)\n"
"  --alpha P          chance of any false verdict (default 0.05)\n"
"  --precision SHARE  wanted half-width of an interval (default 0.03)\n"
"  --noise-limit SHARE  host clock: CPU time that others may have had (default 0.05)\n"
"  --resamples N      of the bootstrap (default 9999)\n"
"  --rng-seed N       of the bootstrap (default 1)\n"
"  --seeds LIST       seeds of A to look at, e.g. 1-8,12 (default all)\n"
"  --seed-offset N    pair seed S of A with seed S + N of B (default 0); needs --seeds\n"
"  --origin NAME      KCIDB: name of the submitting system (default reclaim_lab)\n"
"\n"
"Exit status: 0 every cell was compared, 1 bad input, 2 bad usage,\n"
"3 compared, but cells failed, are missing or have no partner.\n";

__attribute__((noreturn, format(printf, 1, 2)))
static void usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_name);
	vfprintf(stderr, format, args);
	fputs("; see --help\n", stderr);
	va_end(args);
	exit(EXIT_USAGE);
}

static double parse_share(const char *option, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value > 0 && value < 1))
		usage("--%s: expected a number between 0 and 1, not '%s'",
		      option, text);
	return value;
}

static long long parse_integer(const char *option, const char *text,
			       long long low, long long high)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end || errno || value < low || value > high)
		usage("--%s: expected an integer from %lld to %lld, not '%s'",
		      option, low, high, text);
	return value;
}

static void parse_seeds(struct options *o, const char *list)
{
	char *copy = xstrdup(list);
	char *next = copy;
	char *word;

	while ((word = strsep(&next, ","))) {
		struct seed_range range;
		char *end;

		errno = 0;
		range.first = strtoll(word, &end, 10);
		range.last = range.first;
		if (end != word && *end == '-') {
			word = end + 1;
			range.last = strtoll(word, &end, 10);
		}
		if (end == word || *end || errno || range.last < range.first)
			usage("--seeds: expected a list such as 1-8,12, not '%s'",
			      list);
		o->seeds = xrealloc(o->seeds, (o->seeds_count + 1) *
				    sizeof(*o->seeds));
		o->seeds[o->seeds_count++] = range;
	}
	free(copy);
}

static void parse_origin(struct options *o, const char *text)
{
	if (!*text ||
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		usage("--origin: expected lower-case letters, digits and _, not '%s'",
		      text);
	o->origin = text;
}

/* The table beside the sources when run from the top, else beside us. */
static char *default_metrics(void)
{
	static const char table[] = "scripts/compare/metrics.table";
	char self[4096];
	ssize_t length;
	char *slash;

	if (!access(table, R_OK))
		return xstrdup(table);
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length < 0)
		return xstrdup(table);
	self[length] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	return xasprintf("%s/../%s", self, table);
}

static void write_text(const char *path, const struct comparison *c,
		       void (*write)(FILE *out, const struct comparison *c))
{
	struct output out;

	if (!path)
		return;
	output_open(&out, path);
	write(out.stream, c);
	output_close(&out);
}

static void write_json(const char *path, json_t *json)
{
	struct output out;

	output_open(&out, path);
	if (!json)
		fail("out of memory");
	if (json_dumpf(json, out.stream,
		       JSON_INDENT(1) | JSON_REAL_PRECISION(15)))
		fail("%s: %s", path, strerror(errno));
	fputc('\n', out.stream);
	output_close(&out);
	json_decref(json);
}

int main(int argc, char **argv)
{
	const char *json = NULL, *table = NULL, *markdown = NULL;
	const char *ktap = NULL, *kcidb = NULL;
	struct options o = {
		.alpha = 0.05,
		.level = 0.95,
		.precision = 0.03,
		.noise_limit = 0.05,
		.resamples = 9999,
		.rng_seed = 1,
		.origin = "reclaim_lab",
	};
	struct metric_table metrics;
	struct comparison result;
	struct cells cells;
	char *metrics_path = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_JSON:
			json = optarg;
			break;
		case OPTION_TABLE:
			table = optarg;
			break;
		case OPTION_MARKDOWN:
			markdown = optarg;
			break;
		case OPTION_KTAP:
			ktap = optarg;
			break;
		case OPTION_KCIDB:
			kcidb = optarg;
			break;
		case OPTION_METRICS:
			metrics_path = optarg;
			break;
		case OPTION_ALL:
			o.all = true;
			break;
		case OPTION_ALPHA:
			o.alpha = parse_share("alpha", optarg);
			break;
		case OPTION_PRECISION:
			o.precision = parse_share("precision", optarg);
			break;
		case OPTION_NOISE_LIMIT:
			o.noise_limit = parse_share("noise-limit", optarg);
			break;
		case OPTION_RESAMPLES:
			o.resamples = (unsigned int)parse_integer("resamples",
				optarg, 199, 1000000);
			break;
		case OPTION_RNG_SEED:
			o.rng_seed = (uint64_t)parse_integer("rng-seed", optarg,
							     0, INT32_MAX);
			break;
		case OPTION_SEEDS:
			parse_seeds(&o, optarg);
			break;
		case OPTION_SEED_OFFSET:
			o.seed_offset = parse_integer("seed-offset", optarg,
						      -INT32_MAX, INT32_MAX);
			break;
		case OPTION_ORIGIN:
			parse_origin(&o, optarg);
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 3)
		usage("expected A, B and RESULTS.json");
	if (o.seed_offset && !o.seeds_count)
		usage("--seed-offset: expected --seeds with it");
	o.a = argv[optind];
	o.b = argv[optind + 1];
	if (!metrics_path)
		metrics_path = default_metrics();
	metrics_load(&metrics, metrics_path);
	cells_load(&cells, argv[optind + 2]);
	compare(&result, &cells, &metrics, &o);
	if (!json && !table && !markdown && !ktap && !kcidb)
		table = "-";
	if (json)
		write_json(json, comparison_json(&result));
	if (kcidb)
		write_json(kcidb, comparison_kcidb(&result));
	write_text(table, &result, write_table);
	write_text(markdown, &result, write_markdown);
	write_text(ktap, &result, write_ktap);
	return result.problem_count ? EXIT_INCOMPLETE : EXIT_COMPLETE;
}
