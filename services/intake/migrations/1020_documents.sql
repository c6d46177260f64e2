-- Documents of matters and tasks. What is here tells of their content; the content itself is an object in a store, under
-- the key "{firm_id}/{object_id}", in which nothing is of a caller's choosing.
create table documents (
    firm_id uuid not null references firms,
    document_id uuid not null,
    matter_id uuid not null,
    -- Null: the matter's own, which no paralegal sees.
    task_id uuid,
    state text not null check (state in ('active', 'deleted')),
    -- The number of the newest version; every one from 1 on is there.
    latest_version integer not null check (latest_version > 0),
    delete_time timestamptz check ((state = 'deleted') = (delete_time is not null)),
    -- When the content of a deleted document goes.
    purge_time timestamptz check ((state = 'deleted') = (purge_time is not null)),
    -- Whether it has gone.
    purged boolean not null default false check (state = 'deleted' or not purged),
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    primary key (firm_id, document_id),
    foreign key (firm_id, matter_id) references matters,
    foreign key (firm_id, task_id) references tasks
);

create index documents_of_task on documents (firm_id, task_id, document_id);
create index documents_of_matter on documents (firm_id, matter_id, document_id);
create index documents_by_age on documents (document_id);
create index documents_to_purge on documents (purge_time) where state = 'deleted' and not purged;

-- A version is a fact: it never changes.
create table document_versions (
    firm_id uuid not null,
    document_id uuid not null,
    number integer not null check (number > 0),
    object_id uuid not null unique,
    -- The code of the store that holds the object; empty for the one that is nobody's in particular.
    store text not null,
    display_name text not null check (display_name <> ''),
    media_type text not null,
    size_bytes bigint not null check (size_bytes >= 0),
    sha256 bytea not null check (octet_length(sha256) = 32),
    uploaded_by text not null,
    -- Who uploaded it, if a paralegal.
    paralegal_id uuid,
    create_time timestamptz not null,
    primary key (firm_id, document_id, number),
    foreign key (firm_id, document_id) references documents
);

-- Uploads under way, each committed before the first byte of it is stored. It goes in the transaction that makes its
-- object a version, or after the object is removed; so whatever a store holds is known here or there.
create table document_uploads (
    firm_id uuid not null references firms,
    object_id uuid not null,
    store text not null,
    -- As declared. So many bytes of what the firm may store are spoken for.
    size_bytes bigint not null check (size_bytes >= 0),
    -- When nobody can be at it any more, by the database's clock.
    expire_time timestamptz not null,
    -- Whether it comes to nothing: its object is being removed, and can't become a version.
    abandoned boolean not null default false,
    primary key (firm_id, object_id)
);

create index document_uploads_by_age on document_uploads (expire_time);

-- What a firm may store; null for what the operator configures. No row: both.
create table document_settings (
    firm_id uuid primary key references firms,
    most_version_bytes bigint check (most_version_bytes > 0),
    most_total_bytes bigint check (most_total_bytes > 0),
    version bigint not null default 1,
    update_time timestamptz not null default now()
);

-- What a firm stores: the sizes of its versions that are not purged, and of its uploads under way.
create table document_usage (
    firm_id uuid primary key references firms,
    stored_bytes bigint not null check (stored_bytes >= 0)
);

-- What was handed over with a delivery.
create table delivery_documents (
    firm_id uuid not null,
    delivery_id uuid not null,
    position integer not null,
    document_id uuid not null,
    number integer not null,
    primary key (firm_id, delivery_id, position),
    unique (firm_id, delivery_id, document_id, number),
    foreign key (firm_id, delivery_id) references deliveries,
    foreign key (firm_id, document_id, number) references document_versions
);

create index delivery_documents_of_document on delivery_documents (firm_id, document_id);

-- A paralegal sees a document of a task for as long as they work on it. An offer is not work yet, nor is what is on hold
-- or was accepted.
alter table documents enable row level security;
alter table documents force row level security;
create policy documents_scope on documents to caseload_app
    using (app_sees_firm(firm_id) or exists (
        select from tasks t
        where t.firm_id = documents.firm_id and t.task_id = documents.task_id and t.paralegal_id = app_paralegal()
            and t.state in ('in_progress', 'delivered', 'revision_requested')))
    with check (app_sees_firm(firm_id));

alter table document_versions enable row level security;
alter table document_versions force row level security;
create policy document_versions_scope on document_versions to caseload_app
    using (app_sees_firm(firm_id) or app_paralegal() is not null and exists (
        select from documents d
        where d.firm_id = document_versions.firm_id and d.document_id = document_versions.document_id))
    with check (app_sees_firm(firm_id));

alter table document_uploads enable row level security;
alter table document_uploads force row level security;
create policy document_uploads_scope on document_uploads to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table document_settings enable row level security;
alter table document_settings force row level security;
create policy document_settings_scope on document_settings to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table document_usage enable row level security;
alter table document_usage force row level security;
create policy document_usage_scope on document_usage to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

-- What a paralegal delivered stays part of their delivery.
alter table delivery_documents enable row level security;
alter table delivery_documents force row level security;
create policy delivery_documents_scope on delivery_documents to caseload_app
    using (app_sees_firm(firm_id) or app_paralegal() is not null and exists (
        select from deliveries d
        where d.firm_id = delivery_documents.firm_id and d.delivery_id = delivery_documents.delivery_id
            and d.paralegal_id = app_paralegal()))
    with check (app_sees_firm(firm_id));

grant select, insert, update on documents, document_settings, document_usage to caseload_app;
grant select, insert on document_versions, delivery_documents to caseload_app;
grant select, insert, delete, update (abandoned) on document_uploads to caseload_app;
