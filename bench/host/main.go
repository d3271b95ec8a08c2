// SPDX-License-Identifier: GPL-2.0

// Go's sync.Map, measured as asked: what main.c and cases.c do for the others.
// One file for both, the map with two tables (up to Go 1.23) and the hash trie.
package main

import (
	"bufio"
	"fmt"
	"math/bits"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// structure is set by the linker.
var structure string

const (
	keysMax     = 100000000
	lenChecked  = 100000 // keys, up to which they are counted again
	sampleEvery = 16     // operations between those that are timed
	amendMax    = 100000
	shareNone   = 101   // no share of writes was given
	spins       = 10000 // before a thread that waits gives way
)

func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, structure+": "+format+"\n", args...)
	os.Exit(1)
}

// Keys: as in keys.h.

func mix64(x uint64) uint64 {
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

func keyResident(index uint64) uint64 { return mix64(index) }
func keyAbsent(random uint64) uint64  { return mix64(1<<62 | random>>2) }
func valueOf(key uint64) uint64       { return mix64(^key) }

func keyFresh(thread int, turn uint64) uint64 {
	return mix64(1<<63 | uint64(thread)<<48 | turn)
}

func randomNext(state *uint64) uint64 {
	*state = *state*6364136223846793005 + 1442695040888963407
	return *state
}

func randomBelow(random, n uint64) uint64 {
	high, _ := bits.Mul64(random, n)
	return high
}

// Requests and answers: as in request.c.

type request struct {
	name       string
	keys       uint64
	threads    uint64
	round      uint64
	seed       uint64
	ops        uint64
	writeShare uint64
	hot        uint64
}

type answer struct {
	ops         uint64
	elapsed     int64
	bytes       uint64
	entries     uint64
	latency     []uint32
	unsupported string
}

func number(name, text string, min, max uint64) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < min || n > max {
		die("%s=%s: a number from %d to %d is wanted", name, text, min, max)
	}
	return n
}

func (r *request) set(name, value string) {
	switch name {
	case "case":
		r.name = value
	case "keys":
		r.keys = number(name, value, 1, keysMax)
	case "threads":
		r.threads = number(name, value, 1, uint64(runtime.NumCPU()))
	case "round":
		r.round = number(name, value, 0, 1<<32-1)
	case "seed":
		r.seed = number(name, value, 0, 1<<64-1)
	case "ops":
		r.ops = number(name, value, 1, 10000000000)
	case "write_share":
		r.writeShare = number(name, value, 0, 100)
	case "hot":
		r.hot = number(name, value, 0, 1)
	default:
		die("%s: there is no such word", name)
	}
}

func parse(line string) *request {
	r := &request{threads: 1, ops: 1000000, writeShare: shareNone}
	for _, word := range strings.Fields(line) {
		at := strings.IndexByte(word, '=')
		if at < 0 {
			die("%s: NAME=VALUE is wanted", word)
		}
		r.set(word[:at], word[at+1:])
	}
	r.checkComplete()
	return r
}

func (r *request) checkComplete() {
	switch {
	case r.name == "":
		die("a request needs case=")
	case r.keys == 0:
		die("a request needs keys=")
	case r.name == "mix" && r.writeShare == shareNone:
		die("case=mix needs write_share=")
	case r.name != "mix" && r.writeShare != shareNone:
		die("write_share= is for case=mix only")
	case r.hot != 0 && r.name != "update_existing":
		die("hot= is for case=update_existing only")
	}
}

func (a *answer) print(r *request) {
	fmt.Printf(`{"case":"%s","structure":"%s","keys":%d,"threads":%d,"round":%d`,
		r.name, structure, r.keys, r.threads, r.round)
	if r.writeShare != shareNone {
		fmt.Printf(`,"write_share":%d`, r.writeShare)
	}
	if r.hot != 0 {
		fmt.Printf(`,"hot":true`)
	}
	if a.unsupported != "" {
		fmt.Printf(`,"unsupported":"%s"`, a.unsupported)
	}
	if a.bytes != 0 {
		fmt.Printf(`,"bytes_per_key":%.2f`, float64(a.bytes)/float64(r.keys))
	}
	if a.entries != 0 {
		fmt.Printf(`,"entries":%d`, a.entries)
	}
	if a.ops != 0 {
		fmt.Printf(`,"ops":%d,"ns":%.3f,"ops_per_second":%.0f`, a.ops,
			float64(a.elapsed)/float64(a.ops),
			1e9*float64(a.ops*r.threads)/float64(a.elapsed))
	}
	if n := len(a.latency); n != 0 {
		fmt.Printf(`,"p50_ns":%d,"p99_ns":%d,"p999_ns":%d,"max_ns":%d`,
			a.latency[n/2], a.latency[n*99/100],
			a.latency[n*999/1000], a.latency[n-1])
	}
	fmt.Println("}")
}

// The map. Its keys and values are uint64, as one writes them in Go.

type table struct {
	sync.Map
	keys  uint64
	bytes uint64
}

// dirtyField is where a map with two tables has the second; the hash trie has none.
func (t *table) dirtyField() reflect.Value {
	return reflect.ValueOf(&t.Map).Elem().FieldByName("dirty")
}

func (t *table) hasTwoTables() bool { return t.dirtyField().IsValid() }

func (t *table) isDirty() bool {
	return t.hasTwoTables() && !t.dirtyField().IsNil()
}

func (t *table) load(key uint64) (uint64, bool) {
	value, found := t.Load(key)
	if !found {
		return 0, false
	}
	return value.(uint64), true
}

func (t *table) store(key, value uint64) { t.Store(key, value) }

func (t *table) remove(key uint64) bool {
	_, found := t.LoadAndDelete(key)
	return found
}

func (t *table) length() uint64 {
	n := uint64(0)
	t.Range(func(any, any) bool { n++; return true })
	return n
}

// promote makes misses, as many as it takes.
func (t *table) promote() {
	for t.isDirty() {
		for i := 0; i < 64; i++ {
			t.load(keyAbsent(randomNext(&promoteRandom)))
		}
	}
}

var promoteRandom uint64

func bytesInUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func build(keys uint64) *table {
	t := &table{keys: keys}
	before := bytesInUse()
	for i := uint64(0); i < keys; i++ {
		key := keyResident(i)
		t.store(key, valueOf(key))
	}
	t.promote()
	t.bytes = bytesInUse() - before
	return t
}

// The threads: as in team.c.

type worker struct {
	team   *team
	table  *table
	r      *request
	index  int
	random uint64
	sum    uint64
	head   uint64
	tail   uint64
	turn   uint64
	begin  time.Time
	end    time.Time
	sample []uint32
	_      [128]byte
}

type team struct {
	worker   []*worker
	arrived  uint32
	meetings uint32
	ops      uint64
	elapsed  int64
}

func (w *worker) meet() {
	t := w.team
	meeting := atomic.LoadUint32(&t.meetings)
	if atomic.AddUint32(&t.arrived, 1) == uint32(len(t.worker)) {
		atomic.StoreUint32(&t.arrived, 0)
		atomic.StoreUint32(&t.meetings, meeting+1)
	}
	for i := 0; atomic.LoadUint32(&t.meetings) == meeting; i++ {
		if i > spins {
			runtime.Gosched()
		}
	}
}

func (t *team) account(n uint64) {
	begin, end := t.worker[0].begin, t.worker[0].end
	for _, w := range t.worker {
		if w.begin.Before(begin) {
			begin = w.begin
		}
		if w.end.After(end) {
			end = w.end
		}
	}
	t.elapsed += end.Sub(begin).Nanoseconds()
	t.ops += n
}

func (w *worker) measure(loop func(*worker, uint64), n uint64) {
	w.meet()
	w.begin = time.Now()
	loop(w, n)
	w.end = time.Now()
	w.meet()
	if w.index == 0 {
		w.team.account(n)
	}
}

// pin ties the goroutine to a thread, and that to a CPU; both end together.
func pin(cpu int) {
	var set [128]uint64
	runtime.LockOSThread()
	set[cpu/64] = 1 << (uint(cpu) % 64)
	_, _, err := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0,
		unsafe.Sizeof(set), uintptr(unsafe.Pointer(&set)))
	if err != 0 {
		die("a thread on CPU %d: %v", cpu, err)
	}
}

var fresh = make([]uint64, 1024)

func run(t *table, r *request, fn func(*worker), a *answer) {
	var all sync.WaitGroup
	team := &team{worker: make([]*worker, r.threads)}
	for i := range team.worker {
		team.worker[i] = &worker{
			team: team, table: t, r: r, index: i,
			random: mix64(r.seed ^ mix64(r.round<<8|uint64(i))),
			head:   fresh[i], tail: fresh[i],
		}
	}
	for _, w := range team.worker {
		all.Add(1)
		go func(w *worker) {
			pin(w.index)
			fn(w)
			all.Done()
		}(w)
	}
	all.Wait()
	for i, w := range team.worker {
		fresh[i] = w.head
		a.latency = append(a.latency, w.sample...)
	}
	sort.Slice(a.latency, func(i, j int) bool {
		return a.latency[i] < a.latency[j]
	})
	a.ops = team.ops
	a.elapsed = team.elapsed
}

// The loops: as in cases.c.

func (w *worker) check(what string, got, want uint64) {
	if got != want {
		die("%s: %s: %d of %d", w.r.name, what, got, want)
	}
}

func (w *worker) drawResident() uint64 {
	return keyResident(randomBelow(randomNext(&w.random), w.r.keys))
}

func loopLoadHit(w *worker, n uint64) {
	found, sum := uint64(0), uint64(0)
	for i := uint64(0); i < n; i++ {
		if value, ok := w.table.load(w.drawResident()); ok {
			sum += value
			found++
		}
	}
	w.sum += sum
	w.check("resident keys found", found, n)
}

func loopLoadAbsent(w *worker, n uint64) {
	found := uint64(0)
	for i := uint64(0); i < n; i++ {
		if _, ok := w.table.load(keyAbsent(randomNext(&w.random))); ok {
			found++
		}
	}
	w.check("absent keys found", found, 0)
}

func loopLoadDependent(w *worker, n uint64) {
	found, value := uint64(0), uint64(0)
	for i := uint64(0); i < n; i++ {
		w.random += value
		next, ok := w.table.load(w.drawResident())
		if ok {
			found++
		}
		value = next
	}
	w.sum += value
	w.check("resident keys found", found, n)
}

func loopUpdate(w *worker, n uint64) {
	for i := uint64(0); i < n; i++ {
		w.table.store(w.drawResident(), valueOf(i))
	}
}

func loopUpdateHot(w *worker, n uint64) {
	key := keyResident(0)
	for i := uint64(0); i < n; i++ {
		w.table.store(key, valueOf(i))
	}
}

func (w *worker) insertOwn() {
	key := keyFresh(w.index, w.head)
	w.head++
	w.table.store(key, valueOf(key))
}

func (w *worker) deleteOwn() bool {
	w.tail++
	return w.table.remove(keyFresh(w.index, w.tail-1))
}

func loopInsert(w *worker, n uint64) {
	for i := uint64(0); i < n; i++ {
		w.insertOwn()
	}
}

func (w *worker) deleteAllOwn() {
	deleted, own := uint64(0), w.head-w.tail
	for w.tail != w.head {
		if w.deleteOwn() {
			deleted++
		}
	}
	w.check("own keys deleted", deleted, own)
}

type part struct{ begin, n, at, stride uint64 }

func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (w *worker) ownPart() part {
	index := uint64(w.index)
	p := part{begin: w.r.keys * index / w.r.threads}
	p.n = w.r.keys*(index+1)/w.r.threads - p.begin
	if p.n == 0 {
		die("%s: %d keys for %d threads", w.r.name, w.r.keys, w.r.threads)
	}
	p.at = randomBelow(w.random, p.n)
	p.stride = p.n*3/8 + 1
	for divisor(p.stride, p.n) != 1 {
		p.stride++
	}
	return p
}

func (p *part) next() uint64 {
	p.at += p.stride
	if p.at >= p.n {
		p.at -= p.n
	}
	return keyResident(p.begin + p.at)
}

func loopDelete(w *worker, n uint64) {
	p, deleted := w.ownPart(), uint64(0)
	for i := uint64(0); i < n; i++ {
		if w.table.remove(p.next()) {
			deleted++
		}
	}
	w.check("resident keys deleted", deleted, n)
}

func (w *worker) storeAgain(n uint64) {
	p := w.ownPart()
	for i := uint64(0); i < n; i++ {
		key := p.next()
		w.table.store(key, valueOf(key))
	}
}

func (w *worker) mixOne() {
	random := randomNext(&w.random)
	if uint64(uint32(random>>16))*100>>32 < w.r.writeShare {
		if w.turn%2 != 0 {
			w.deleteOwn()
		} else {
			w.insertOwn()
		}
		w.turn++
		return
	}
	value, _ := w.table.load(keyResident(randomBelow(random, w.r.keys)))
	w.sum += value
}

func (w *worker) mixTimed() {
	begin := time.Now()
	w.mixOne()
	ns := time.Since(begin).Nanoseconds()
	if ns > 1<<32-1 {
		ns = 1<<32 - 1
	}
	w.sample = append(w.sample, uint32(ns))
}

func loopMix(w *worker, n uint64) {
	for i := uint64(0); i < n; i++ {
		if i%sampleEvery == 0 {
			w.mixTimed()
		} else {
			w.mixOne()
		}
	}
}

// The cases: as in cases.c.

func warmAndMeasure(loop func(*worker, uint64)) func(*worker) {
	return func(w *worker) {
		loop(w, atLeast(w.r.ops/4, 1))
		w.measure(loop, w.r.ops)
	}
}

func atLeast(n, least uint64) uint64 {
	if n < least {
		return least
	}
	return n
}

func atMost(n, most uint64) uint64 {
	if n > most {
		return most
	}
	return n
}

func (w *worker) byFirst(fn func(*worker)) {
	w.meet()
	if w.index == 0 {
		fn(w)
	}
	w.meet()
}

func promoteAll(w *worker) { w.table.promote() }

func amend(w *worker) {
	w.table.promote()
	for i := 0; !w.table.isDirty(); i++ {
		if i == amendMax {
			die("%s: no dirty table after %d new keys", w.r.name, i)
		}
		w.insertOwn()
	}
}

func checkAmended(w *worker) {
	if !w.table.isDirty() {
		die("%s: promoted meanwhile", w.r.name)
	}
}

func (w *worker) measureAmended(loop func(*worker, uint64), some uint64) {
	for left := w.r.ops; left != 0; {
		n := atMost(left, some)
		w.byFirst(amend)
		w.measure(loop, n)
		w.byFirst(checkAmended)
		left -= n
	}
	w.meet()
	w.deleteAllOwn()
}

func loadHitAmended(w *worker) {
	loopLoadHit(w, atLeast(w.r.ops/4, 1))
	w.measureAmended(loopLoadHit, w.r.ops)
}

func loadAbsentAmended(w *worker) {
	loopLoadAbsent(w, atLeast(w.r.ops/4, 1))
	w.measureAmended(loopLoadAbsent, atLeast(w.r.keys/4/w.r.threads, 1))
}

func updateExisting(w *worker) {
	loop := loopUpdate
	if w.r.hot != 0 {
		loop = loopUpdateHot
	}
	warmAndMeasure(loop)(w)
}

func (r *request) changesAtOnce() uint64 {
	return atLeast(r.keys/8/r.threads, 1)
}

func insertFresh(w *worker) {
	for left := w.r.ops; left != 0; {
		n := atMost(left, w.r.changesAtOnce())
		w.byFirst(promoteAll)
		w.measure(loopInsert, n)
		w.deleteAllOwn()
		left -= n
	}
}

func deletePresent(w *worker) {
	for left := w.r.ops; left != 0; {
		n := atMost(left, w.r.changesAtOnce())
		w.byFirst(promoteAll)
		w.measure(loopDelete, n)
		w.storeAgain(n)
		randomNext(&w.random)
		left -= n
	}
}

func mix(w *worker) {
	w.sample = make([]uint32, 0, w.r.ops/sampleEvery+1)
	loopInsert(w, atMost(atLeast(w.r.keys/16, 16), 4096))
	w.byFirst(promoteAll)
	loopLoadHit(w, atLeast(w.r.ops/4, 1))
	w.measure(loopMix, w.r.ops)
	w.deleteAllOwn()
}

type benchCase struct {
	fn      func(*worker)
	changes bool
	dirty   bool // is about the dirty table
	batch   bool
}

var cases = map[string]benchCase{
	"load_hit":            {fn: warmAndMeasure(loopLoadHit)},
	"load_absent":         {fn: warmAndMeasure(loopLoadAbsent)},
	"load_hit_amended":    {fn: loadHitAmended, changes: true, dirty: true},
	"load_absent_amended": {fn: loadAbsentAmended, changes: true, dirty: true},
	"load_dependent":      {fn: warmAndMeasure(loopLoadDependent)},
	"load_batch":          {batch: true},
	"update_existing":     {fn: updateExisting, changes: true},
	"insert_fresh":        {fn: insertFresh, changes: true},
	"delete":              {fn: deletePresent, changes: true},
	"mix":                 {fn: mix, changes: true},
	"memory":              {},
}

var current *table

func whyNot(c benchCase) string {
	if c.dirty && !new(table).hasTwoTables() {
		return "it has no dirty table"
	}
	if c.batch {
		return "it has no batched lookup"
	}
	return ""
}

func measure(c benchCase, r *request, a *answer) {
	if current == nil || current.keys != r.keys {
		current = nil
		debug.FreeOSMemory()
		current = build(r.keys)
	}
	if c.fn == nil {
		a.bytes = current.bytes
		return
	}
	run(current, r, c.fn, a)
	if !c.changes {
		return
	}
	current.promote()
	if r.keys > lenChecked {
		return
	}
	a.entries = current.length()
	if a.entries != r.keys {
		die("%s: %d keys became %d", r.name, r.keys, a.entries)
	}
}

func main() {
	fmt.Printf("{\"ready\":\"%s\"}\n", structure)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		r, a := parse(lines.Text()), &answer{}
		c, known := cases[r.name]
		if !known {
			die("case=%s: there is no such case", r.name)
		}
		a.unsupported = whyNot(c)
		if a.unsupported == "" {
			measure(c, r, a)
		}
		a.print(r)
	}
}
