-- Who had a person's data deleted is kept with what is left of the person.

ALTER TABLE public.users
    ADD COLUMN erased_by text,
    ADD CONSTRAINT users_erased_by_length CHECK (length(erased_by) BETWEEN 1 AND 200);

COMMENT ON COLUMN public.users.erased_by IS
    'Who had it done: `user` (the person), `admin 5` (by id), `retention` (the time that is configured) or a role of the database.';

-- It takes a parameter more.
DROP FUNCTION IF EXISTS public.erase_user;
