// SPDX-License-Identifier: GPL-2.0
/* BPF_MAP_TYPE_HASH */
#include "peer.h"
#include "bpf.h"

#define PEER		peer_bpf_hash
#define PEER_NAME	"bpf-hash"
#include "loops.h"
