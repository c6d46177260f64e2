-- When each task passed the stations of its way. Null: not yet, or before this was kept.
alter table tasks
    add column open_time timestamptz,
    -- When a paralegal first accepted it.
    add column start_time timestamptz,
    -- When the whole was first handed over, when it was due as agreed then, and how long it took from when it was
    -- opened, without the time on hold.
    add column first_deliver_time timestamptz,
    add column first_deliver_due_time timestamptz,
    add column turnaround_seconds bigint check (turnaround_seconds >= 0),
    add column accept_time timestamptz,
    -- Null: not on hold.
    add column hold_start_time timestamptz,
    add column held_seconds bigint not null default 0 check (held_seconds >= 0),
    add column revisions integer not null default 0 check (revisions >= 0),
    add check ((first_deliver_time is null) = (first_deliver_due_time is null)),
    add check (turnaround_seconds is null or first_deliver_time is not null),
    add check (hold_start_time is null or state = 'on_hold');
