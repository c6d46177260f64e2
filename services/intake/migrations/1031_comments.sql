-- What the firm and whoever works on a task say to each other about it. What was said is neither changed nor removed.
create table comments (
    firm_id uuid not null references firms,
    comment_id uuid not null,
    task_id uuid not null,
    in_reply_to uuid,
    author_kind text not null check (author_kind in ('firm', 'paralegal', 'suite')),
    -- The subject of the author's token.
    author text not null check (author <> ''),
    paralegal_id uuid,
    body text not null check (body <> ''),
    create_time timestamptz not null default now(),
    primary key (firm_id, comment_id),
    foreign key (firm_id, task_id) references tasks,
    -- A thread in its order, and what a reply points to: a comment on the same task.
    unique (firm_id, task_id, comment_id),
    foreign key (firm_id, task_id, in_reply_to) references comments (firm_id, task_id, comment_id),
    check ((author_kind = 'paralegal') = (paralegal_id is not null))
);

alter table comments enable row level security;
alter table comments force row level security;
-- A paralegal reads the thread of a task that they have accepted: not while it is only offered to them, and not when it
-- is theirs no more or cancelled.
create policy comments_scope on comments to caseload_app
    using (
        app_sees_firm(firm_id)
        or exists (
            select from tasks t
            where t.firm_id = comments.firm_id and t.task_id = comments.task_id
              and t.paralegal_id = app_paralegal()
              and coalesce(t.held_state, t.state) not in ('assigned', 'cancelled')))
    with check (app_sees_firm(firm_id));

grant select, insert on comments to caseload_app;
