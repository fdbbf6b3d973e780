# SPDX-License-Identifier: GPL-2.0-only
#
# Which part of a trace counts, for numbers.awk: least and most of each number.
#
# The numbers of reclaim_watch lie between the states of its event
# reclaim_recording: least is from "recording" to "stopping", most from "starting"
# to "stopped". Those of /proc/vmstat lie between marks: least is from "begun" to
# "end", most from "begin" to the end of the trace: the file was read between
# "begin" and "begun" and between "end" and "ended", and what was under way then
# had been counted in part and is traced when it ends. A trace with neither, of a
# live host, is counted as a whole.

# One of reclaim_watch lies between states, one of /proc/vmstat between marks.
function count(name, by)
{
	if (name ~ WATCHED ? may_count : outer)
		most[name] += by
	if (name ~ WATCHED ? counts : inner)
		least[name] += by
}

# Nothing before it was asked for.
function recording(state)
{
	if (state == "starting") {
		recordings++
		may_count = 1
		counts = 0
		for (i in most)
			if (i ~ WATCHED)
				most[i] = least[i] = 0
	} else if (state == "recording") {
		counts = 1
	} else if (state == "stopping") {
		counts = 0
	} else if (state == "stopped") {
		may_count = 0
		stopped = recordings
	} else {
		bad("expected the state starting, recording, stopping or stopped, found '" state "'")
	}
}

# A reclaim that began where it may have been counted counts if it ends there.
function reclaim_begins(kind_of_it)
{
	if (depth[task]++)
		return
	may_have[task] = may_count ? recordings + 1 : 0
	has[task] = counts ? recordings + 1 : 0
	kind[task] = kind_of_it
}

function reclaim_ends()
{
	if (!depth[task] || --depth[task])
		return
	if (may_count && may_have[task] == recordings + 1)
		most[kind[task]]++
	if (counts && has[task] == recordings + 1)
		least[kind[task]]++
}

function mark(text)
{
	marked = 1
	if (text == "begin") {
		# nothing before the mark was asked for
		for (i = 1; i <= numbers; i++)
			if (name[i] !~ WATCHED)
				most[name[i]] = least[name[i]] = 0
		outer = 1
		inner = 0
	} else if (text == "begun") {
		inner = 1
	} else if (text == "end") {
		inner = 0
		finished++
	} else if (text == "ended") {
		finished++
	} else {
		bad("expected the mark begin, begun, end or ended, found '" text "'")
	}
}
