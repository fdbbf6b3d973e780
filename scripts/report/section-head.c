// SPDX-License-Identifier: GPL-2.0-only
/* What was compared, what was not, and how. */
#include <stdlib.h>

#include "report.h"

static void put_kernel(struct report *r, int side)
{
	const struct variant *variant = &r->c->variant[side];

	fprintf(r->out, "<dt class=\"%c\">%c: ", side ? 'b' : 'a',
		side ? 'B' : 'A');
	put(r->out, variant->name);
	fputs("</dt><dd>Linux ", r->out);
	put(r->out, variant->kernel ? variant->kernel :
	    "(release not recorded)");
	if (variant->commit) {
		fputs(", <code>", r->out);
		put_format(r->out, "%.60s", variant->commit);
		fputs("</code>", r->out);
	}
	fputs("</dd>", r->out);
}

static void put_workloads(struct report *r)
{
	size_t i;

	fputs("<dt>Workloads</dt><dd>", r->out);
	for (i = 0; i < r->c->group_count; i++) {
		const struct group *g = &r->c->groups[i];
		char *anchor = place_anchor(&g->place);
		char *conditions = place_conditions(&g->place);

		fprintf(r->out, "%s<a href=\"#%s\">", i ? "; " : "", anchor);
		put_owned(r->out, place_short(&g->place));
		fputs("</a> (", r->out);
		put_format(r->out, "%s, %zu seed%s", conditions, g->count,
			   g->count == 1 ? "" : "s");
		fputs(")", r->out);
		free(anchor);
		free(conditions);
	}
	fputs("</dd>", r->out);
}

void section_head(struct report *r)
{
	fputs("<header><h1>", r->out);
	put_format(r->out, "%s against %s", r->c->variant[1].name,
		   r->c->variant[0].name);
	fputs("</h1><dl class=\"kernels\">", r->out);
	put_kernel(r, 0);
	put_kernel(r, 1);
	put_workloads(r);
	/* no date: the same cells make the same report, whenever it is made */
	if (r->c->machine) {
		fputs("<dt>Machine</dt><dd>", r->out);
		put(r->out, r->c->machine);
		if (r->c->emulator)
			put_format(r->out, ", %s", r->c->emulator);
		fputs("</dd>", r->out);
	}
	fputs("</dl></header>\n", r->out);
}

static void put_problem(struct report *r, const struct problem *p)
{
	char *command = again_command(p->command);

	fputs("<li>", r->out);
	put_owned(r->out, problem_text(p));
	if (p->trouble) {
		fputs(" <q>", r->out);
		put_format(r->out, "%.160s", p->trouble);
		fputs("</q>", r->out);
	}
	if (command) {
		fputs("<br><code>", r->out);
		put(r->out, command);
		fputs("</code>", r->out);
	}
	fputs("</li>", r->out);
	free(command);
}

/* Nothing when every cell was compared; else this is on the first screen. */
void section_problems(struct report *r)
{
	size_t i;

	if (!r->c->problem_count)
		return;
	fputs("<section class=\"alarm\" id=\"problems\"><h2>Incomplete</h2><p>",
	      r->out);
	put_owned(r->out, problems_summary(r->c));
	fputs(". All figures below are of the pairs that are left.</p><ul>",
	      r->out);
	for (i = 0; i < r->c->problem_count; i++)
		if (r->c->problems[i].kind != PROBLEM_UNPAIRED)
			put_problem(r, &r->c->problems[i]);
	fputs("</ul></section>\n", r->out);
}

void section_method(struct report *r)
{
	const struct method *m = &r->c->method;

	fputs("<section id=\"method\"><h2>Method</h2><p>", r->out);
	put_format(r->out, "A cell is one guest. A cell of %s and one of %s with the same workload, storage, clock, vCPUs and seed are a pair. ",
		   r->c->variant[0].name, r->c->variant[1].name);
	put_format(r->out, "Estimate: %s. Interval: %s, %zu resamples, for one figure each and not corrected. ",
		   m->estimate, m->interval, m->resamples);
	put_format(r->out, "Test: %s. Correction: %s, over all %zu outcomes here that differ in enough seeds to get a verdict at all. ",
		   m->test, m->correction, m->tests);
	put_format(r->out, "A verdict takes a corrected p of at most %g and an interval without 1 (or 0); it takes at least %zu seeds here. ",
		   m->alpha, m->fewest_seeds);
	put(r->out, "A mechanism is what a patch of reclaim sets out to change: it has an interval and no verdict. ");
	put(r->out, "No difference shown does not mean equal: the interval says how large a difference can still be. ");
	put_format(r->out, "\xe2\x80\x9c" "for %g %%\xe2\x80\x9d is the number of seeds that would give an interval of that half-width. ",
		   100 * m->precision);
	fputs("<code>Documentation/statistics.md</code> shows how to check it by hand.</p></section>\n",
	      r->out);
}
