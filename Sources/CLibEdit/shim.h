// SPDX-License-Identifier: Apache-2.0
// Line editing and history of the prompt. See editline(3).
#include <stdio.h>
#include <histedit.h>
