// SPDX-License-Identifier: GPL-2.0-only
/* report-html: the report of a comparison as one HTML file. */
#include "report.h"

int main(int argc, char **argv)
{
	program_name = "report-html";
	return cmd_report(argc, argv);
}
