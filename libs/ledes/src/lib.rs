//! LEDES invoice files, written and read. No I/O.
