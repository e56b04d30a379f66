package io.qscope.app;

import io.qscope.model.OAuthClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The clients that rows name by their row's id, each looked up once. Not for the threads of a storage: it waits for an answer. */
public final class KnownClients {

    private final Session session;
    private final Map<String, Optional<OAuthClient>> clients = new HashMap<>();

    /** In a session. */
    public KnownClients(Session session) {
        this.session = session;
    }

    /** The client of that row; empty when it was deleted. */
    public Optional<OAuthClient> client(String id) {
        return clients.computeIfAbsent(
                id, wanted -> session.await(session.storage().clients().getById(wanted, session.ray())));
    }

    /** Its {@code client_id}; empty when it was deleted. */
    public Optional<String> identifier(String id) {
        return client(id).map(OAuthClient::clientIdentifier);
    }
}
