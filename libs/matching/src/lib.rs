//! Who should do what: the optimiser that matches tasks to people. No I/O.
