/* SPDX-License-Identifier: GPL-2.0 */
/* The phases of resharding: reported by core, told by netlink and tracepoints. */
#ifndef SYNCMAP_OBSERVE_PHASES_H
#define SYNCMAP_OBSERVE_PHASES_H

enum sm_reshard_phase {
	SM_RESHARD_PREPARE,	/* memory for the new shards was got */
	SM_RESHARD_PUBLISH,	/* the new shards took over */
	SM_RESHARD_DRAIN,	/* what began under the old layout has ended */
	SM_RESHARD_DONE,	/* the number asked for is reached, or it failed */
};

#endif
