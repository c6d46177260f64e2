//! Who is calling, and may they: tokens, keys, the policy read from the contracts, the tower layer.
