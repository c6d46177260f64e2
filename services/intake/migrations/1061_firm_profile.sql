-- More of a firm's profile. Offices, contacts and guidelines are read and written with the firm and never looked up by
-- what they say, so they are documents in its row, in the firm's own order.
alter table firms
    -- Whether a paralegal works for it only under a confidentiality undertaking that is in force.
    add undertaking_required boolean not null default false,
    add offices jsonb not null default '[]' check (jsonb_typeof(offices) = 'array'),
    add contacts jsonb not null default '[]' check (jsonb_typeof(contacts) = 'array'),
    -- Null: none that are known.
    add billing_guidelines jsonb check (jsonb_typeof(billing_guidelines) = 'object');
