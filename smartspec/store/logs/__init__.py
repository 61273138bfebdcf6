"""The output of tasks: where it is while they run, where it is kept, and how it is read again.

While a task runs its bytes are frames in the live file of its execution, which is made with the first of them and goes
with the end of the execution: one write each, no sync, no file or folder for a task. When the task ends, in the same
transaction as its end:

- what is at most 4 KiB in all goes into its row: durable with the commit, the cheapest there is;
- what is at most 64 KiB is appended, whole, to the one file that the tasks of the execution share;
- what is longer has had a file of its own since it grew beyond that, in segments.

A copy of the 64 KiB at most is the price of the first two; a file for each task would cost two blocks on the disk and
two changes of a folder, and a frame cannot be read in one piece. Files bear the key of a task's row, never its name.
Logs of the first schema (a path, no offset, times in a file beside it) are read as those of the third kind.
"""
