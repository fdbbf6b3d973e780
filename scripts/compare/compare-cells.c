// SPDX-License-Identifier: GPL-2.0-only
/* compare-cells: compares two variants in results.json, paired by seed. */
#include "compare.h"

int main(int argc, char **argv)
{
	program_name = "compare-cells";
	return cmd_compare(argc, argv);
}
