// SPDX-License-Identifier: Apache-2.0
// Line editing and history of the prompt. See editline(3).
//
// Swift cannot call functions with variable arguments: each call that the prompt needs is a
// function of its own here.
#ifndef CLIBEDIT_SHIM_H
#define CLIBEDIT_SHIM_H

#include <stdio.h>
#include <histedit.h>

/// Opens an editor on standard input and output, which must be terminals; null if it cannot.
///
/// `prompt` and `read` are EL_PROMPT and EL_GETCFN; `context` is what `clibedit_context` gives.
static inline EditLine *clibedit_open(const char *program, char *(*prompt)(EditLine *),
				      int (*read)(EditLine *, wchar_t *), void *context)
{
	EditLine *editor = el_init(program, stdin, stdout, stderr);

	if (!editor)
		return NULL;
	el_set(editor, EL_CLIENTDATA, context);
	el_set(editor, EL_EDITOR, "emacs");
	/* Signals are the caller's. */
	el_set(editor, EL_SIGNAL, 0);
	el_set(editor, EL_PROMPT, prompt);
	el_set(editor, EL_GETCFN, read);
	return editor;
}

/// EL_CLIENTDATA.
static inline void *clibedit_context(EditLine *editor)
{
	void *context = NULL;

	el_get(editor, EL_CLIENTDATA, &context);
	return context;
}

/// EL_UNBUFFERED: on, the terminal is raw, the prompt is shown, and el_gets returns after each
/// key; off, the terminal is as it was.
static inline void clibedit_set_unbuffered(EditLine *editor, int on)
{
	el_set(editor, EL_UNBUFFERED, on);
}

/// Binds the Tab key to a function.
static inline void clibedit_bind_tab(EditLine *editor,
				     unsigned char (*complete)(EditLine *, int))
{
	el_set(editor, EL_ADDFN, "dropwatch-complete", "Completes a word", complete);
	el_set(editor, EL_BIND, "\t", "dropwatch-complete", NULL);
}

/// Gives an editor a history of at most `size` different lines.
static inline void clibedit_use_history(EditLine *editor, History *history_, int size)
{
	HistEvent event;

	history(history_, &event, H_SETSIZE, size);
	history(history_, &event, H_SETUNIQUE, 1);
	el_set(editor, EL_HIST, history, history_);
}

/// Adds a line to a history.
static inline void clibedit_remember(History *history_, const char *line)
{
	HistEvent event;

	history(history_, &event, H_ENTER, line);
}

#endif
