/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace events of reclaim_watch, for trace-cmd, perf and KernelShark; see
 * Documentation/tracing.md.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM reclaim_watch

#if !defined(_RECLAIM_WATCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _RECLAIM_WATCH_TRACE_H

#include <linux/tracepoint.h>

#ifndef RECLAIM_WATCH_POINTS
#define RECLAIM_WATCH_POINTS
enum reclaim_point {
	POINT_BEGIN,
	POINT_WRITE,
	POINT_BIO,
	POINT_REQUEST,
};

enum reclaim_context {
	CONTEXT_DIRECT,
	CONTEXT_MEMCG,
	CONTEXT_KSWAPD,
	CONTEXT_OTHER,
};
#endif

/*
 * How deep the stack was where reclaim or swap I/O got to @point.
 * @depth_bytes counts from the end of the task's stack to the stack pointer of
 * the function that holds the tracepoint; what the tracepoint itself needs is
 * not in it, but for a few words when several probes are attached.
 */
TRACE_EVENT(reclaim_depth,

	TP_PROTO(unsigned int depth_bytes, int point, int context),

	TP_ARGS(depth_bytes, point, context),

	TP_STRUCT__entry(
		__field(unsigned int, depth_bytes)
		__field(int, point)
		__field(int, context)
	),

	TP_fast_assign(
		__entry->depth_bytes = depth_bytes;
		__entry->point = point;
		__entry->context = context;
	),

	TP_printk("depth_bytes=%u point=%s context=%s",
		  __entry->depth_bytes,
		  __print_symbolic(__entry->point,
				   { 0, "begin" },
				   { 1, "write" },
				   { 2, "bio" },
				   { 3, "request" }),
		  __print_symbolic(__entry->context,
				   { 0, "direct" },
				   { 1, "memcg" },
				   { 2, "kswapd" },
				   { 3, "other" }))
);

/*
 * The counters of reclaim_watch have what a trace has between "recording" and
 * "stopping", nothing of before "starting" or after "stopped", and some of what
 * lies between: of the probes of a tracepoint, which are called one after the
 * other, one counts and one traces.
 */
TRACE_EVENT(reclaim_recording,

	TP_PROTO(unsigned int state),

	TP_ARGS(state),

	TP_STRUCT__entry(
		__field(unsigned int, state)
	),

	TP_fast_assign(
		__entry->state = state;
	),

	TP_printk("state=%s",
		  __print_symbolic(__entry->state,
				   { 0, "starting" },
				   { 1, "recording" },
				   { 2, "stopping" },
				   { 3, "stopped" }))
);

#endif /* _RECLAIM_WATCH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE reclaim_watch_trace
#include <trace/define_trace.h>
