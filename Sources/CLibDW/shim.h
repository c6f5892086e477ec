// SPDX-License-Identifier: Apache-2.0
// The parts of elfutils that the module SourceLines wraps. There is no `link` here: Package.swift
// names the archives.
#include <dwarf.h>
#include <elfutils/libdwfl.h>
