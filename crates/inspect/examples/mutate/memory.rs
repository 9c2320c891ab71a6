//! Counts the bytes a thread has allocated, and their peak.
#![allow(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// More than this on one thread ends the program: the machine would start to swap.
const FATAL: isize = 6 << 30;

thread_local! {
    static NOW: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator with counters.
pub struct Counting;

fn count(change: isize) {
    let now = NOW.get() + change;
    NOW.set(now);
    if now > PEAK.get() {
        PEAK.set(now);
        if now > FATAL {
            // The watch knows which file this is.
            NOW.set(0);
            crate::watch::fatal("memory of more than 6 GB");
        }
    }
}

// SAFETY: everything is passed to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller promised.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as the caller promised.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Counts from here.
pub fn reset() {
    NOW.set(0);
    PEAK.set(0);
}

/// The most this thread had at once since [`reset`], in bytes.
pub fn peak() -> usize {
    PEAK.get().max(0) as usize
}
