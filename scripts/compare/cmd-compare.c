// SPDX-License-Identifier: GPL-2.0-only
/* Compares two variants in results.json, paired by seed; shows compare.json. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"
#include "render.h"

#define EXIT_COMPLETE 0
#define EXIT_USAGE 2
#define EXIT_INCOMPLETE 3

/* The outputs come first, so that they are indices of request.outputs. */
enum {
	OUTPUT_JSON,
	OUTPUT_TABLE,
	OUTPUT_MEDIANS,
	OUTPUT_SUMMARY,
	OUTPUT_MARKDOWN,
	OUTPUT_KTAP,
	OUTPUT_KCIDB,
	OUTPUTS,
	OPTION_FROM = 256,
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

/** struct request - what the arguments ask for */
struct request {
	struct options o;
	const char *outputs[OUTPUTS];
	const char *results;
	const char *from;
	const char *metrics;
	const char *origin;
	bool all;
};

static const struct option long_options[] = {
	{ "json", required_argument, NULL, OUTPUT_JSON },
	{ "table", required_argument, NULL, OUTPUT_TABLE },
	{ "medians", required_argument, NULL, OUTPUT_MEDIANS },
	{ "summary", required_argument, NULL, OUTPUT_SUMMARY },
	{ "markdown", required_argument, NULL, OUTPUT_MARKDOWN },
	{ "ktap", required_argument, NULL, OUTPUT_KTAP },
	{ "kcidb", required_argument, NULL, OUTPUT_KCIDB },
	{ "from", required_argument, NULL, OPTION_FROM },
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
" [OPTION]... A [B] RESULTS.json\n"
"   or: the same with --from COMPARE.json in the place of these\n"
"Compare variant B with variant A, paired by seed, or look at A alone; or show\n"
"what was compared before. - is standard input.\n"
"\n"
"Output (FILE - is standard output; a table on standard output if none is given):\n"
"  --json FILE        compare.json: everything; all others are made from it\n"
"  --table FILE       for a terminal\n"
"  --medians FILE     median, smallest and largest side by side\n"
"  --summary FILE     the verdicts alone\n"
"  --markdown FILE    for a mail\n"
"  --ktap FILE        KTAP version 1\n"
"  --kcidb FILE       KernelCI's KCIDB I/O schema 5.3\n"
"  --all              tables show hidden figures too\n"
"  --origin NAME      KCIDB: name of the submitting system (default reclaim_lab)\n"
"\n"
"Method (Documentation/statistics.md):\n"
"  --metrics FILE     what figures are (default scripts/compare/metrics.table)\n"
"  --alpha P          chance of any false verdict (default 0.05)\n"
"  --precision SHARE  wanted half-width of an interval (default 0.03)\n"
"  --noise-limit SHARE  host clock: CPU time that others may have had (default 0.05)\n"
"  --resamples N      of the bootstrap (default 9999)\n"
"  --rng-seed N       of the bootstrap (default 1)\n"
"  --seeds LIST       seeds of A to look at, e.g. 1-8,12 (default all)\n"
"  --seed-offset N    pair seed S of A with seed S + N of B (default 0); needs --seeds\n"
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

static const char *parse_origin(const char *text)
{
	if (!*text ||
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		usage("--origin: expected lower-case letters, digits and _, not '%s'",
		      text);
	return text;
}

/* Return: whether it was an option of the method. */
static bool method_option(struct request *r, int option)
{
	struct options *o = &r->o;

	switch (option) {
	case OPTION_METRICS:
		r->metrics = optarg;
		break;
	case OPTION_ALPHA:
		o->alpha = parse_share("alpha", optarg);
		break;
	case OPTION_PRECISION:
		o->precision = parse_share("precision", optarg);
		break;
	case OPTION_NOISE_LIMIT:
		o->noise_limit = parse_share("noise-limit", optarg);
		break;
	case OPTION_RESAMPLES:
		o->resamples = (unsigned int)parse_integer("resamples", optarg,
							   199, 1000000);
		break;
	case OPTION_RNG_SEED:
		o->rng_seed = (uint64_t)parse_integer("rng-seed", optarg, 0,
						      INT32_MAX);
		break;
	case OPTION_SEEDS:
		parse_seeds(o, optarg);
		break;
	case OPTION_SEED_OFFSET:
		o->seed_offset = parse_integer("seed-offset", optarg,
					       -INT32_MAX, INT32_MAX);
		break;
	default:
		return false;
	}
	return true;
}

static void parse_operands(struct request *r, int count, char **words)
{
	if (r->from) {
		if (count)
			usage("--from: expected no A, B and RESULTS.json with it");
		return;
	}
	if (count != 2 && count != 3)
		usage("expected A, B and RESULTS.json, or A and RESULTS.json");
	if (r->o.seed_offset && !r->o.seeds_count)
		usage("--seed-offset: expected --seeds with it");
	r->o.a = words[0];
	r->o.b = count == 3 ? words[1] : NULL;
	r->results = words[count - 1];
}

static void parse_arguments(struct request *r, int argc, char **argv)
{
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "h", long_options,
				     NULL)) != -1) {
		if (option < OUTPUTS) {
			r->outputs[option] = optarg;
			continue;
		}
		if (method_option(r, option))
			continue;
		switch (option) {
		case OPTION_FROM:
			r->from = optarg;
			break;
		case OPTION_ALL:
			r->all = true;
			break;
		case OPTION_ORIGIN:
			r->origin = parse_origin(optarg);
			break;
		case 'h':
			printf("Usage: %s%s", program_name, help);
			exit(0);
		default:
			exit(EXIT_USAGE);
		}
	}
	parse_operands(r, argc - optind, argv + optind);
}

static char *json_text(json_t *json)
{
	char *text = json ? json_dumps(json, JSON_INDENT(1) |
				       JSON_REAL_PRECISION(15)) : NULL;

	if (!text)
		fail("out of memory");
	json_decref(json);
	return text;
}

static void write_text(const char *path, const char *text)
{
	struct output out;

	output_open(&out, path);
	fputs(text, out.stream);
	fputc('\n', out.stream);
	output_close(&out);
}

/* The text of compare.json, as it was made now. */
static char *compared(struct request *r)
{
	struct metric_table metrics;
	struct comparison c;
	struct cells cells;

	if (!r->metrics)
		r->metrics = xasprintf("%s/scripts/compare/metrics.table",
				       lab_top);
	metrics_load(&metrics, r->metrics);
	cells_load(&cells, r->results);
	compare(&c, &cells, &metrics, &r->o);
	return json_text(comparison_json(&c));
}

/*
 * Whatever is shown is made from the text of compare.json, also when it was
 * made a moment ago.
 */
static void load(struct request *r, struct comparison *c)
{
	json_t *document;
	char *text;

	if (r->from) {
		comparison_load(c, r->from);
		if (r->outputs[OUTPUT_JSON])
			write_text(r->outputs[OUTPUT_JSON],
				   json_text(comparison_json(c)));
		return;
	}
	text = compared(r);
	document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	comparison_from_json(c, document, "compare.json");
	json_decref(document);
	if (r->outputs[OUTPUT_JSON])
		write_text(r->outputs[OUTPUT_JSON], text);
	free(text);
}

static void show(const struct request *r, const struct comparison *c, int what)
{
	struct output out;

	output_open(&out, r->outputs[what]);
	switch (what) {
	case OUTPUT_TABLE:
		render_table(out.stream, c, r->all);
		break;
	case OUTPUT_MEDIANS:
		render_medians(out.stream, c, r->all);
		break;
	case OUTPUT_SUMMARY:
		render_summary(out.stream, c);
		break;
	case OUTPUT_MARKDOWN:
		render_markdown(out.stream, c, r->all);
		break;
	case OUTPUT_KTAP:
		render_ktap(out.stream, c);
		break;
	}
	output_close(&out);
}

int cmd_compare(int argc, char **argv)
{
	struct request r = {
		.o = {
			.alpha = 0.05, .level = 0.95, .precision = 0.03,
			.noise_limit = 0.05, .resamples = 9999, .rng_seed = 1,
		},
		.origin = "reclaim_lab",
	};
	struct comparison c;
	bool any = false;
	int what;

	parse_arguments(&r, argc, argv);
	for (what = 0; what < OUTPUTS; what++)
		any = any || r.outputs[what];
	if (!any)
		r.outputs[OUTPUT_TABLE] = "-";
	load(&r, &c);
	for (what = OUTPUT_TABLE; what < OUTPUT_KCIDB; what++)
		if (r.outputs[what])
			show(&r, &c, what);
	if (r.outputs[OUTPUT_KCIDB])
		write_text(r.outputs[OUTPUT_KCIDB],
			   json_text(render_kcidb(&c, r.origin)));
	return c.problem_count ? EXIT_INCOMPLETE : EXIT_COMPLETE;
}
