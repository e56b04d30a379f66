package io.qscope.app.authorization;

import io.qscope.app.KnownClients;
import io.qscope.app.Session;
import io.qscope.model.Authorization;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Authorizations as the command shows them, with their clients' {@code client_id}, each looked up once. */
public final class AuthorizationView {

    private final KnownClients clients;

    /** In a session. */
    public AuthorizationView(Session session) {
        this.clients = new KnownClients(session);
    }

    /** One authorization. */
    public Map<String, @Nullable Object> of(Authorization root) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", root.id());
        view.put("live", root.isLive());
        view.put("client_id", clients.identifier(root.clientId()).orElse(null));
        view.put("user_id", root.userId());
        view.put("scopes", root.scopes());
        view.put("attributes", root.attributes());
        view.put(
                "revoked_at", root.revokedAt() == null ? null : root.revokedAt().toString());
        view.put("created_at", root.createdAt().toString());
        view.put("created_by", root.createdBy());
        view.put("updated_at", root.updatedAt().toString());
        view.put("updated_by", root.updatedBy());
        view.put("version", root.version());
        return view;
    }
}
