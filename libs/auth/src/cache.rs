//! Verified tokens, remembered until they expire.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::Caller;

/// Of the token only its digest is kept.
pub(crate) type Digest = [u8; 32];

struct Remembered {
    caller: Caller,
    /// The keys that the token was verified against. Other keys may not contain its own any more.
    generation: u64,
    /// Seconds since the epoch.
    expires: i64,
}

/// At most `capacity` verified tokens. Two halves: when the younger is full, it becomes the older and the older is
/// forgotten; what is used moves to the younger. So the least used go first, and no call pays for a sweep.
pub(crate) struct Cache {
    half: usize,
    halves: Mutex<Halves>,
}

#[derive(Default)]
struct Halves {
    young: HashMap<Digest, Remembered>,
    old: HashMap<Digest, Remembered>,
}

impl Cache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            half: capacity.div_ceil(2),
            halves: Mutex::default(),
        }
    }

    pub(crate) fn digest(token: &str) -> Digest {
        Sha256::digest(token.as_bytes()).into()
    }

    /// The caller of a token that was verified against these keys and has not expired.
    pub(crate) fn get(&self, digest: &Digest, generation: u64, now: i64) -> Option<Caller> {
        let mut halves = self.lock();
        if let Some(remembered) = halves.old.remove(digest) {
            self.keep(&mut halves, *digest, remembered);
        }
        let remembered = halves.young.get(digest)?;
        if remembered.generation == generation && now < remembered.expires {
            return Some(remembered.caller.clone());
        }
        halves.young.remove(digest);
        None
    }

    pub(crate) fn put(&self, digest: Digest, caller: Caller, generation: u64, expires: i64) {
        let remembered = Remembered {
            caller,
            generation,
            expires,
        };
        self.keep(&mut self.lock(), digest, remembered);
    }

    fn keep(&self, halves: &mut Halves, digest: Digest, remembered: Remembered) {
        if halves.young.len() >= self.half {
            halves.old = std::mem::take(&mut halves.young);
        }
        halves.young.insert(digest, remembered);
    }

    /// A panic while the lock was held leaves the maps whole: each change is one call on one of them.
    fn lock(&self) -> std::sync::MutexGuard<'_, Halves> {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cache")
            .field("half", &self.half)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, Who};

    fn caller(subject: &str) -> Caller {
        Caller {
            subject: subject.to_owned(),
            roles: vec![Role::Service],
            who: Who::Suite,
            remote: None,
        }
    }

    fn digest(number: usize) -> Digest {
        Cache::digest(&number.to_string())
    }

    #[test]
    fn a_token_is_remembered_until_it_expires() {
        let cache = Cache::new(10);
        cache.put(digest(1), caller("one"), 7, 100);
        assert_eq!(cache.get(&digest(1), 7, 99), Some(caller("one")));
        assert_eq!(cache.get(&digest(2), 7, 99), None);
        assert_eq!(cache.get(&digest(1), 7, 100), None);
        assert_eq!(cache.get(&digest(1), 7, 99), None, "forgotten once expired");
    }

    #[test]
    fn a_token_is_forgotten_when_the_keys_change() {
        let cache = Cache::new(10);
        cache.put(digest(1), caller("one"), 7, 100);
        assert_eq!(cache.get(&digest(1), 8, 0), None);
    }

    #[test]
    fn the_cache_is_bounded_and_forgets_the_least_used_first() {
        let cache = Cache::new(10);
        cache.put(digest(0), caller("used"), 1, 100);
        for number in 1..1_000 {
            cache.put(digest(number), caller("once"), 1, 100);
            assert!(cache.get(&digest(0), 1, 0).is_some(), "after {number}");
            let halves = cache.lock();
            assert!(halves.young.len() + halves.old.len() <= 10);
        }
        assert_eq!(cache.get(&digest(1), 1, 0), None);
    }
}
