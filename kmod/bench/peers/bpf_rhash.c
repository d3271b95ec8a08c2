// SPDX-License-Identifier: GPL-2.0
/* BPF_MAP_TYPE_RHASH */
#include "peer.h"
#include "bpf.h"

#define PEER		peer_bpf_rhash
#define PEER_NAME	"bpf-rhash"
#include "loops.h"
