// SPDX-License-Identifier: Apache-2.0
// The parts of libbpf that the module BPF wraps. There is no `link` here: Package.swift chooses
// between the shared library and the archive.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
