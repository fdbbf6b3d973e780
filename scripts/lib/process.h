/* SPDX-License-Identifier: GPL-2.0-only */
/* Other programs: run, read from, ended with this one. */
#ifndef LIB_PROCESS_H
#define LIB_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * process_catch_signals() - have SIGHUP, SIGINT and SIGTERM end the children
 *
 * After such a signal process_wait() and what uses it end all children, wait
 * for them, run what process_at_end() was given, and exit with 128 plus the
 * signal's number.
 */
void process_catch_signals(void);

/**
 * process_at_end() - what to do when a signal ends this program
 * @function: called once, after all children have ended
 */
void process_at_end(void (*function)(void));

/**
 * process_start() - start a program in the background
 * @argv: the program, looked up in PATH, and its arguments
 * @output: file for its standard output, NULL: that of this program
 * @error: the same for its standard error
 *
 * It reads nothing, and is in a process group of its own: a signal of the
 * terminal reaches it through this program alone. Fails if there is no such
 * program.
 *
 * Return: its process id.
 */
pid_t process_start(char *const argv[], const char *output, const char *error);

/**
 * process_wait() - wait for a child
 * @pid: which; -1: any
 * @status: its exit status; 128 and the signal's number if that ended it
 *
 * Return: the process id.
 */
pid_t process_wait(pid_t pid, int *status);

/**
 * process_run() - run a program to its end
 * @argv: as for process_start()
 *
 * Return: its exit status.
 */
int process_run(char *const argv[]);

/**
 * process_output() - run a program and read what it prints
 * @argv: as for process_start()
 * @status: its exit status; NULL: fail unless that is 0
 * @quiet: its standard error is thrown away
 *
 * Return: its standard output without the line feeds at the end; to be freed.
 */
char *process_output(char *const argv[], int *status, bool quiet);

#endif
