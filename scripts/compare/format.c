// SPDX-License-Identifier: GPL-2.0-only
/* The only place where a number of a comparison is rounded. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "util.h"

/** struct shown - the unit in which a value is shown */
struct shown {
	double factor;
	const char *unit;
};

static struct shown shown_unit(double value, const char *unit)
{
	static const struct shown times[] = {
		{ 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 1, "ns" },
	};
	static const struct shown sizes[] = {
		{ 1 << 30, "GiB" }, { 1 << 20, "MiB" }, { 1, "B" },
	};
	double size = fabs(value);
	size_t i;

	if (!strcmp(unit, "ns")) {
		for (i = 0; i + 1 < ARRAY_SIZE(times); i++)
			if (size >= times[i].factor)
				break;
		return times[i];
	}
	if (!strcmp(unit, "bytes")) {
		for (i = 0; i + 1 < ARRAY_SIZE(sizes); i++)
			if (size >= 10 * sizes[i].factor)
				break;
		return sizes[i];
	}
	if (!strcmp(unit, "count") || !strcmp(unit, "share"))
		return (struct shown){ 1, "" };
	return (struct shown){ 1, unit };
}

static char *number_text(double value, double factor)
{
	double size;

	value /= factor;
	size = fabs(value);
	if (size < 1e7 && (value == floor(value) || size >= 1000))
		return xasprintf("%.0f", value);
	return xasprintf(size < 1 ? "%.3g" : "%.4g", value);
}

static char *with_unit(char *number, const char *unit)
{
	char *text = xasprintf("%s%s%s", number, *unit ? " " : "", unit);

	free(number);
	return text;
}

char *value_text(double value, const char *unit)
{
	struct shown shown = shown_unit(value, unit);

	return with_unit(number_text(value, shown.factor), shown.unit);
}

char *center_text(const struct row *row, int side)
{
	if (!row->count)
		return xstrdup("-");
	return value_text(row->center[side], row->unit);
}

char *spread_text(const struct row *row, int side)
{
	const struct spread *spread = &row->spread[side];
	char *median, *smallest, *largest, *text;
	struct shown shown;

	if (!spread->cells)
		return xstrdup("-");
	if (spread->cells == 1)
		return value_text(spread->median, row->unit);
	shown = shown_unit(spread->median != 0 ? spread->median :
			   spread->largest, row->unit);
	median = number_text(spread->median, shown.factor);
	smallest = number_text(spread->smallest, shown.factor);
	largest = number_text(spread->largest, shown.factor);
	text = xasprintf("%s [%s .. %s]", median, smallest, largest);
	free(median);
	free(smallest);
	free(largest);
	return with_unit(text, shown.unit);
}

/* Four digits after the point where ratios are compared with 1. */
static char *ratio_text(double ratio)
{
	return xasprintf(ratio >= 0.1 && ratio < 10 ? "%.4f" : "%.4g", ratio);
}

static char *signed_number(double value, double factor)
{
	char *number = number_text(value, factor);
	char *text = xasprintf("%s%s", value > 0 ? "+" : "", number);

	free(number);
	return text;
}

char *estimate_text(const struct row *row)
{
	struct shown shown;
	char *ratio, *text;

	if (!row->count)
		return xstrdup("-");
	if (row->scale == SCALE_RATIO) {
		ratio = ratio_text(row->estimate);
		text = xasprintf("x %s", ratio);
		free(ratio);
		return text;
	}
	shown = shown_unit(row->estimate, row->unit);
	return with_unit(signed_number(row->estimate, shown.factor),
			 shown.unit);
}

char *interval_text(const struct row *row)
{
	struct shown shown = { 1, "" };
	char *low, *high, *text;

	if (!row->count || row->interval.method == INTERVAL_NONE)
		return xstrdup("-");
	if (row->scale == SCALE_RATIO) {
		low = ratio_text(row->interval.low);
		high = ratio_text(row->interval.high);
	} else {
		shown = shown_unit(fmax(fabs(row->interval.low),
					fabs(row->interval.high)), row->unit);
		low = signed_number(row->interval.low, shown.factor);
		high = signed_number(row->interval.high, shown.factor);
	}
	text = xasprintf("%s ... %s", low, high);
	free(low);
	free(high);
	return with_unit(text, shown.unit);
}

char *pairs_text(const struct row *row)
{
	if (row->left_out_count)
		return xasprintf("%zu (-%zu)", row->count,
				 row->left_out_count);
	return xasprintf("%zu", row->count);
}

char *precision_text(const struct row *row)
{
	if (!row->count || !row->seeds_needed)
		return xstrdup("-");
	return xasprintf("%zu", row->seeds_needed);
}

char *verdict_text(const struct row *row)
{
	if (row->verdict == VERDICT_NONE)
		return xstrdup("");
	if (row->corrected)
		return xasprintf("%s (p %.2g)", verdict_words(row->verdict),
				 row->adjusted);
	return xstrdup(verdict_words(row->verdict));
}

char *splice_cells_text(const struct splice_side *side)
{
	return xasprintf("%zu of %zu", side->cells, side->recorded);
}

static char *side_entered(const struct splice_side *side)
{
	char *text = xstrdup(side->entered_count ? "" : "-");
	size_t i;

	for (i = 0; i < side->entered_count; i++) {
		const struct entered *e = &side->entered[i];
		char *bytes = value_text(e->bytes, "bytes");
		char *longer = xasprintf("%s%s%s %s", text, i ? ", " : "",
					 e->subsystem, bytes);

		free(bytes);
		free(text);
		text = longer;
	}
	return text;
}

char *entered_text(const struct comparison *c, const struct splice *splice)
{
	char *a = side_entered(&splice->side[0]);
	char *b, *text;

	if (c->variants == 1)
		return a;
	b = side_entered(&splice->side[1]);
	text = xasprintf("A: %s; B: %s", a, b);
	free(a);
	free(b);
	return text;
}
