-- What a task is more closely, and the court's deadline that it is for.
alter table tasks
    -- The slug of a subkind; empty: not said.
    add column subkind text not null default '',
    -- What the deadline depends on and how it came about, as store/tasks/court.rs writes it.
    add column court_deadline jsonb check (jsonb_typeof(court_deadline) = 'object'),
    -- When it is over.
    add column court_deadline_time timestamptz,
    -- Who says when the task is due: where it is the court, due_time is the court's deadline.
    add column due_by text not null default 'firm' check (due_by in ('firm', 'court_deadline')),
    add check ((court_deadline is null) = (court_deadline_time is null)),
    add check (due_time <= court_deadline_time),
    add check (due_by = 'firm' or due_time is not distinct from court_deadline_time);
