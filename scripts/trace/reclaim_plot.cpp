// SPDX-License-Identifier: GPL-2.0-only
/*
 * KernelShark plugin: stack depth and length of the pageout list over time.
 *
 * KernelShark's own event_field_plot plots one field that has to be chosen in a
 * dialog, and a session file cannot hold that choice; this one knows its fields:
 *
 *   reclaim_depth (mm/reclaim_watch), depth_bytes
 *	bars from the base line up, the deepest of each column: red inside
 *	direct reclaim, blue elsewhere
 *   mm_vmscan_pageout_list_queue and _flush (the series), nr_listed
 *	a green line, the longest of each column. The list belongs to a node: on
 *	the graph of a processor it is that of all processors, on the graph of a
 *	task it is what the task has seen
 *
 * Full height is the next KiB above the deepest stack of the trace and the
 * longest list; a label says both. KernelShark's own strip of who ran stays
 * visible below; its marks for single events are covered.
 *
 * In C++, because KernelShark's shapes are.
 */
#include <cstdio>
#include <string>
#include <vector>

#include <KsCmakeDef.hpp>
#include <KsPlotTools.hpp>
#include <KsPlugins.hpp>
#include <libkshark-plot.h>
#include <libkshark-plugin.h>
#include <libkshark.h>

namespace
{

/* enum reclaim_context of mm/reclaim_watch/reclaim_watch_trace.h */
const int64_t CONTEXT_DIRECT = 0;
const int64_t CONTEXT_MEMCG = 1;

struct sample {
	const kshark_entry *entry;
	int64_t value;
	bool inside;
};

struct plot {
	int depth_id = -1;
	int queue_id = -1;
	int flush_id = -1;
	std::vector<sample> depths;
	std::vector<sample> lengths;
	int64_t deepest = 0;
	int64_t deepest_inside = 0;
	int64_t longest = 0;
	bool announced = false;
};

std::vector<plot *> plots;
ksplot_font font;

plot *plot_of(int stream)
{
	if (stream < 0 || (size_t)stream >= plots.size())
		return nullptr;
	return plots[stream];
}

/* The font can be made only while something is being drawn. */
class Label : public KsPlot::PlotObject
{
public:
	Label(const std::string &label, int left, int base)
		: text(label), x(left), y(base) {}

private:
	void _draw(const KsPlot::Color &col, float) const override
	{
		if (!ksplot_font_is_loaded(&font))
			ksplot_init_font(&font, 15, TT_FONT_FILE);
		ksplot_print_text(&font, col.color_c_ptr(), x, y, text.c_str());
	}

	std::string text;
	int x;
	int y;
};

void draw_line(KsCppArgV *argv, int x0, int y0, int x1, int y1,
	       const KsPlot::Color &color, float size)
{
	auto line = new KsPlot::Line(KsPlot::Point(x0, y0),
				     KsPlot::Point(x1, y1));

	line->_color = color;
	line->_size = size;
	argv->_shapes->push_front(line);
}

/*
 * Where the plot is: above the strip, which has 0.3 of the graph's height, and
 * into the space between this graph and the one above it.
 */
int plot_base(const KsPlot::Graph *graph)
{
	return graph->base() - graph->height() * 3 / 10 - 2;
}

int plot_height(const KsPlot::Graph *graph)
{
	return graph->height() * 7 / 10 + 14;
}

void cover(KsCppArgV *argv)
{
	const KsPlot::Graph *graph = argv->_graph;
	int left = graph->bin(0)._base.x() - 2;
	int right = graph->bin(graph->size() - 1)._base.x() + 2;
	int base = plot_base(graph);
	auto box = new KsPlot::Rectangle;

	box->setPoint(0, left, base);
	box->setPoint(1, left, base - plot_height(graph));
	box->setPoint(2, right, base - plot_height(graph));
	box->setPoint(3, right, base);
	box->setFill(true);
	box->_color = KsPlot::Color(255, 255, 255);
	draw_line(argv, left, base, right, base, KsPlot::Color(160, 160, 160),
		  1);
	argv->_shapes->push_front(box);
}

void draw_label(KsCppArgV *argv, const std::string &text)
{
	const KsPlot::Graph *graph = argv->_graph;
	auto label = new Label(text, graph->bin(0)._base.x() + 4,
			       plot_base(graph) - plot_height(graph) + 16);

	label->_color = KsPlot::Color(0, 0, 0);
	argv->_shapes->push_front(label);
}

int64_t scale_of(int64_t deepest)
{
	return (deepest + 1023) / 1024 * 1024;
}

/* The largest value of each column that @wanted is true for; -1 for none. */
template <class Wanted>
std::vector<int64_t> columns(const KsCppArgV *argv,
			     const std::vector<sample> &samples, Wanted wanted)
{
	std::vector<int64_t> largest(argv->_graph->size(), -1);

	for (const sample &sample : samples) {
		int bin;

		if (!wanted(sample) ||
		    !(sample.entry->visible & KS_GRAPH_VIEW_FILTER_MASK))
			continue;
		bin = ksmodel_get_bin(argv->_histo, sample.entry);
		if (bin >= 0 && bin < argv->_graph->size() &&
		    sample.value > largest[bin])
			largest[bin] = sample.value;
	}
	return largest;
}

void draw_bars(KsCppArgV *argv, const std::vector<int64_t> &values,
	       int64_t full, const KsPlot::Color &color)
{
	KsPlot::Graph *graph = argv->_graph;
	int base = plot_base(graph);

	for (int i = 0; i < graph->size(); i++) {
		int x = graph->bin(i)._base.x();

		if (values[i] > 0)
			draw_line(argv, x, base, x,
				  base - plot_height(graph) * values[i] / full,
				  color, 2);
	}
}

void draw_curve(KsCppArgV *argv, const std::vector<int64_t> &values,
		int64_t full, const KsPlot::Color &color)
{
	KsPlot::Graph *graph = argv->_graph;
	int x = -1, y = 0;

	for (int i = 0; i < graph->size(); i++) {
		int next_x = graph->bin(i)._base.x(), next_y;

		if (values[i] < 0)
			continue;
		next_y = plot_base(graph) -
			 plot_height(graph) * values[i] / full;
		if (x >= 0)
			draw_line(argv, x, y, next_x, next_y, color, 2);
		x = next_x;
		y = next_y;
	}
}

/* What the screenshot waits for, and a person who has no eye for it. */
void announce(plot *plot)
{
	if (plot->announced)
		return;
	plot->announced = true;
	fprintf(stderr,
		"reclaim_plot: %zu depths, deepest %lld bytes in direct reclaim, %lld anywhere; %zu list lengths, longest %lld pages\n",
		plot->depths.size(), (long long)plot->deepest_inside,
		(long long)plot->deepest, plot->lengths.size(),
		(long long)plot->longest);
}

void draw(kshark_cpp_argv *argv_c, int stream, int val, int action)
{
	const KsPlot::Color red(200, 30, 30), blue(90, 120, 230);
	const KsPlot::Color green(0, 140, 60);
	bool cpu = action & KSHARK_CPU_DRAW;
	KsCppArgV *argv = KS_ARGV_TO_CPP(argv_c);
	plot *plot = plot_of(stream);
	std::string text;
	char label[64];
	int64_t full;

	if (!plot || argv->_graph->size() < 1 ||
	    !(action & (KSHARK_CPU_DRAW | KSHARK_TASK_DRAW)))
		return;

	auto here = [=](const sample &sample) {
		return cpu ? sample.entry->cpu == val :
			     sample.entry->pid == val;
	};
	full = scale_of(plot->deepest);
	if (!plot->depths.empty()) {
		snprintf(label, sizeof(label), "full height: %lld KiB of stack",
			 (long long)full / 1024);
		text = label;
	}
	if (plot->longest) {
		snprintf(label, sizeof(label), "%s%lld pages on the list",
			 text.empty() ? "full height: " : ", ",
			 (long long)plot->longest);
		text += label;
	}
	/* From the top to the bottom: what is pushed last is drawn first. */
	draw_label(argv, text);
	if (plot->longest)
		draw_curve(argv, columns(argv, plot->lengths,
					 [=](const sample &sample) {
				return cpu || here(sample);
			}), plot->longest, green);
	if (!plot->depths.empty()) {
		auto inside = columns(argv, plot->depths,
				      [=](const sample &sample) {
			return sample.inside && here(sample);
		});
		auto outside = columns(argv, plot->depths,
				       [=](const sample &sample) {
			return !sample.inside && here(sample);
		});
		/* the shorter bar of a column lies before the longer one */
		std::vector<int64_t> low(outside), high(outside);

		for (size_t i = 0; i < inside.size(); i++) {
			if (outside[i] < inside[i])
				high[i] = -1;
			else
				low[i] = -1;
		}
		draw_bars(argv, low, full, blue);
		draw_bars(argv, inside, full, red);
		draw_bars(argv, high, full, blue);
	}
	cover(argv);
	announce(plot);
}

void take_depth(kshark_data_stream *stream, void *record, kshark_entry *entry)
{
	plot *plot = plot_of(stream->stream_id);
	int64_t bytes, context;

	if (!plot ||
	    kshark_read_record_field_int(stream, record, "depth_bytes",
					 &bytes) ||
	    kshark_read_record_field_int(stream, record, "context", &context))
		return;
	bool inside = context == CONTEXT_DIRECT || context == CONTEXT_MEMCG;

	plot->depths.push_back({ entry, bytes, inside });
	if (bytes > plot->deepest)
		plot->deepest = bytes;
	if (inside && bytes > plot->deepest_inside)
		plot->deepest_inside = bytes;
}

void take_length(kshark_data_stream *stream, void *record, kshark_entry *entry)
{
	plot *plot = plot_of(stream->stream_id);
	int64_t pages;

	if (!plot || kshark_read_record_field_int(stream, record, "nr_listed",
						  &pages))
		return;
	plot->lengths.push_back({ entry, pages, false });
	if (pages > plot->longest)
		plot->longest = pages;
}

} /* namespace */

extern "C" int KSHARK_PLOT_PLUGIN_INITIALIZER(kshark_data_stream *stream)
{
	size_t id = stream->stream_id;
	plot *plot = new struct plot;

	plot->depth_id = kshark_find_event_id(stream,
					      "reclaim_watch/reclaim_depth");
	plot->queue_id = kshark_find_event_id(stream,
					      "vmscan/mm_vmscan_pageout_list_queue");
	plot->flush_id = kshark_find_event_id(stream,
					      "vmscan/mm_vmscan_pageout_list_flush");
	if (plot->depth_id < 0 && plot->queue_id < 0) {
		fprintf(stderr, "reclaim_plot: %s has no event reclaim_watch/reclaim_depth and none of the pageout list\n",
			stream->file);
		delete plot;
		return 0;
	}
	if (plots.size() <= id)
		plots.resize(id + 1);
	delete plots[id];
	plots[id] = plot;
	if (plot->depth_id >= 0)
		kshark_register_event_handler(stream, plot->depth_id,
					      take_depth);
	if (plot->queue_id >= 0)
		kshark_register_event_handler(stream, plot->queue_id,
					      take_length);
	if (plot->flush_id >= 0)
		kshark_register_event_handler(stream, plot->flush_id,
					      take_length);
	kshark_register_draw_handler(stream, draw);
	return 1;
}

extern "C" int KSHARK_PLOT_PLUGIN_DEINITIALIZER(kshark_data_stream *stream)
{
	plot *plot = plot_of(stream->stream_id);

	if (!plot)
		return 0;
	if (plot->depth_id >= 0)
		kshark_unregister_event_handler(stream, plot->depth_id,
						take_depth);
	if (plot->queue_id >= 0)
		kshark_unregister_event_handler(stream, plot->queue_id,
						take_length);
	if (plot->flush_id >= 0)
		kshark_unregister_event_handler(stream, plot->flush_id,
						take_length);
	kshark_unregister_draw_handler(stream, draw);
	delete plot;
	plots[stream->stream_id] = nullptr;
	return 1;
}
