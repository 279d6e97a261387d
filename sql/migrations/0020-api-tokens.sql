-- What an API token may do: all that its user may, only read of it, or only see to the door of one event.

ALTER TABLE public.access_tokens
    ALTER COLUMN user_id DROP NOT NULL,
    ADD COLUMN scope text,
    ADD COLUMN event_id bigint;

UPDATE public.access_tokens SET scope = 'admin' WHERE kind = 'api';

ALTER TABLE public.access_tokens
    ADD CONSTRAINT access_tokens_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events (id) ON DELETE CASCADE,
    ADD CONSTRAINT access_tokens_scope_is_known CHECK (scope IN ('admin', 'read', 'door')),
    ADD CONSTRAINT access_tokens_api_has_scope CHECK ((kind = 'api') = (scope IS NOT NULL)),
    ADD CONSTRAINT access_tokens_door_has_event CHECK ((scope IS NOT DISTINCT FROM 'door') = (event_id IS NOT NULL)),
    ADD CONSTRAINT access_tokens_has_user CHECK (user_id IS NOT NULL OR scope IS NOT DISTINCT FROM 'door');

CREATE INDEX access_tokens_of_an_event ON public.access_tokens (event_id) WHERE event_id IS NOT NULL;

COMMENT ON COLUMN public.access_tokens.user_id IS
    'Whom it acts for, and with whose access it ends; NULL: nobody, for the door of an event alone.';
COMMENT ON COLUMN public.access_tokens.scope IS
    'Of an API token: ''admin'', all that its user may do; ''read'', only looking at it; ''door'', only the door of event_id. NULL: a session.';
COMMENT ON COLUMN public.access_tokens.event_id IS 'Whose door a token of the scope ''door'' is for; the token goes with the event.';

CREATE TYPE public.token_access AS (acts_for public.users, scope text, door_event_id bigint);

COMMENT ON TYPE public.token_access IS 'What a token opens: for whom, how far, and whose door. acts_for is NULL for a door token.';

-- Their parameters or results have changed.
DROP FUNCTION IF EXISTS public.authenticate_token;
DROP FUNCTION IF EXISTS public.create_access_token;
DROP FUNCTION IF EXISTS public.create_api_token;
