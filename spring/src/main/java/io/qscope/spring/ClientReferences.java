package io.qscope.spring;

import io.qscope.model.OAuthClient;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.MissingReferenceException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/**
 * Sees to it that what a client is granted finds the client's row, also when an application keeps its clients in a repository
 * of its own: then a row is made that stands for the client, without its secret and settings.
 */
final class ClientReferences {

    private static final String CLIENT_ID = "clientId";

    private final StorageAccess access;
    private final RegisteredClientRepository clients;

    /** @param clients where the application keeps its clients */
    ClientReferences(StorageAccess access, RegisteredClientRepository clients) {
        this.access = access;
        this.clients = clients;
    }

    /**
     * Makes a write that refers to a client; a second time, once the client has a row.
     *
     * @throws IllegalArgumentException when no client has that id
     */
    <T> T writing(String registeredClientId, Supplier<T> write) {
        try {
            return write.get();
        } catch (MissingReferenceException e) {
            if (!e.field().equals(CLIENT_ID)) {
                throw e;
            }
            standIn(registeredClientId, e);
            return write.get();
        }
    }

    private void standIn(String id, MissingReferenceException missing) {
        RegisteredClient client = clients instanceof QscopeRegisteredClientRepository ? null : clients.findById(id);
        if (client == null) {
            throw new IllegalArgumentException("no registered client has the id " + id, missing);
        }
        // A client whose id is made at each start has had a row of its client_id before.
        if (!insert(client, client.getClientId())) {
            insert(client, client.getClientId() + "#" + client.getId());
        }
    }

    /** Whether the client has a row now: false when another one has that identifier. */
    private boolean insert(RegisteredClient client, String identifier) {
        try {
            OAuthClient row = row(client, identifier);
            access.call(ray -> access.storage().clients().insert(row, ray));
            return true;
        } catch (DuplicateRowException e) {
            return e.key().equals("id");
        }
    }

    private OAuthClient row(RegisteredClient client, String identifier) {
        return OAuthClient.builder()
                .id(client.getId())
                .clientIdentifier(identifier)
                .grantTypes(client.getAuthorizationGrantTypes().stream()
                        .map(AuthorizationGrantType::getValue)
                        .collect(Collectors.toUnmodifiableSet()))
                .scopes(client.getScopes())
                .createdAt(access.now())
                .createdBy(access.actor())
                .build();
    }
}
