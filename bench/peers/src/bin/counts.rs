//! Counts what the allocator is asked for: per evaluation of everything that is measured, and by compiled flags.
//!
//! Prints lines of `group`, `name`, count and bytes, separated by tabs. A program of its own, so that nothing counts
//! while the clock runs.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// Evaluations over which the average is taken.
const EVALUATIONS: u64 = 1000;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
static FREED: AtomicU64 = AtomicU64::new(0);

fn count(size: usize) {
    ALLOCATIONS.fetch_add(1, Relaxed);
    BYTES.fetch_add(size as u64, Relaxed);
}

fn count_freed(size: usize) {
    FREED.fetch_add(size as u64, Relaxed);
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count_freed(layout.size());
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        count_freed(layout.size());
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    for (group, functions) in peers::measured() {
        for (name, evaluate) in functions {
            black_box(evaluate());
            let before = (ALLOCATIONS.load(Relaxed), BYTES.load(Relaxed));
            for _ in 0..EVALUATIONS {
                black_box(evaluate());
            }
            let average = |before: u64, after: u64| (after - before) as f64 / EVALUATIONS as f64;
            let allocations = average(before.0, ALLOCATIONS.load(Relaxed));
            println!("{group}\t{name}\t{allocations}\t{}", average(before.1, BYTES.load(Relaxed)));
        }
    }
    #[cfg(feature = "togglebit")]
    memory();
}

/// Bytes that are still allocated after compiling.
#[cfg(feature = "togglebit")]
fn memory() {
    use peers::{MEMORY, mix, togglebit::compile};

    fn held<T>(make: impl FnOnce() -> T) -> u64 {
        let alive = || BYTES.load(Relaxed) - FREED.load(Relaxed);
        let before = alive();
        let made = make();
        let after = alive();
        drop(made);
        after - before
    }

    let (flags, segments, list) = (mix::flags(), mix::segments(), [mix::long_list()]);
    println!("{MEMORY}\tflags\t{}\t{}", flags.len(), held(|| compile(&flags, &segments)));
    println!("{MEMORY}\tids\t{}\t{}", mix::IDS, held(|| compile(&[], &list)));
    let written = flags.iter().chain(&segments).map(|(_, document)| document.len()).sum::<usize>();
    println!("{MEMORY}\tflags' documents\t{}\t{written}", flags.len());
    println!("{MEMORY}\tids' document\t{}\t{}", mix::IDS, list[0].1.len());
}
