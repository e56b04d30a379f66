package io.qscope.spring;

import io.qscope.key.KeyRing;
import io.qscope.key.Sealer;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import io.qscope.store.ClientTable;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Page;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.Slice;
import io.qscope.store.StaleRowException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.util.Assert;

/**
 * Spring's registered clients, as rows of the storage's clients: every field and setting comes back equal, custom ones too.
 * Safe for any number of threads and processes.
 *
 * <p>A client that an operator disabled is not found, nor one that this adapter did not save. One that is damaged is not found
 * and logged by its id; the others are.
 */
public final class QscopeRegisteredClientRepository implements RegisteredClientRepository {

    private static final Log LOG = LogFactory.getLog(QscopeRegisteredClientRepository.class);

    /** How often a save that others came before is tried anew, before somebody must be wrong. */
    private static final int MOST_TRIES = 20;

    private final StorageAccess access;
    private final ClientRows rows;
    private final ClientSecrets secrets;
    private final LoadedFrom<OAuthClient> loaded = new LoadedFrom<>();

    QscopeRegisteredClientRepository(StorageAccess access, ClientRows rows, ClientSecrets secrets) {
        this.access = access;
        this.rows = rows;
        this.secrets = secrets;
    }

    /** Without a key ring: a secret has to be encoded, and the device grant is refused. */
    public QscopeRegisteredClientRepository(StorageAccess access) {
        this(Objects.requireNonNull(access, "access"), (Sealer) null);
    }

    /** With a key ring: a secret that is not encoded is sealed. */
    public QscopeRegisteredClientRepository(StorageAccess access, Supplier<KeyRing> keys) {
        this(Objects.requireNonNull(access, "access"), new Sealer(keys));
    }

    private QscopeRegisteredClientRepository(StorageAccess access, @Nullable Sealer sealer) {
        this(
                access,
                new ClientRows(
                        ValueCodec.plain(new JacksonPrincipalCodec(), sealer),
                        new ClientSecrets(sealer),
                        sealer != null),
                new ClientSecrets(sealer));
    }

    /**
     * Stores a client, or replaces the stored one of its id, all fields with it. One that was loaded here, or made {@code from}
     * such a one, replaces only what it was loaded from.
     *
     * <p>Repeat: nothing changes. Concurrency: of clients that were loaded at the same time one is saved; of one that only has
     * its secret encoded anew, as Spring does while a client authenticates, the later ones are left out.
     *
     * @throws IllegalArgumentException when another client has its {@code client_id} or secret (the secrets are looked for when
     *     a client is new, in a listing of all clients), or naming what cannot be stored; nothing is written
     * @throws IllegalStateException when somebody changed the client since it was loaded; load it again
     * @throws TemporarilyUnavailableException when the storage cannot be reached
     */
    @Override
    public void save(RegisteredClient registeredClient) {
        Assert.notNull(registeredClient, "registeredClient cannot be null");
        Optional<OAuthClient> basis = loaded.of(registeredClient.getId());
        if (basis.isPresent()) {
            replace(registeredClient, basis.get());
            return;
        }
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<OAuthClient> stored = access.call(ray -> table().getById(registeredClient.getId(), ray));
            if (stored.isPresent() ? update(updated(registeredClient, stored.get())) : insert(registeredClient)) {
                return;
            }
        }
        throw changedMeanwhile(registeredClient);
    }

    /** @throws TemporarilyUnavailableException when the storage cannot be reached */
    @Override
    public @Nullable RegisteredClient findById(String id) {
        Assert.hasText(id, "id cannot be empty");
        return client(access.call(ray -> table().getById(id, ray)));
    }

    /** @throws TemporarilyUnavailableException when the storage cannot be reached */
    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        Assert.hasText(clientId, "clientId cannot be empty");
        return client(access.call(ray -> table().getByClientIdentifier(clientId, ray)));
    }

    private ClientTable table() {
        return access.storage().clients();
    }

    private @Nullable RegisteredClient client(Optional<OAuthClient> found) {
        if (found.isEmpty() || !found.get().isEnabled()) {
            return null;
        }
        OAuthClient row = found.get();
        try {
            return rows.client(row, loaded.remember(row.id(), row));
        } catch (UnreadableValueException e) {
            LOG.warn("The client " + row.id() + " is treated as absent: " + e.getMessage());
            return null;
        }
    }

    private void replace(RegisteredClient client, OAuthClient basis) {
        OAuthClient row = updated(client, basis);
        if (update(row)) {
            OAuthClient now = row.toBuilder().version(basis.version() + 1).build();
            loaded.replace(client.getId(), now);
        } else if (!differsInSecretOnly(row, basis)) {
            throw changedMeanwhile(client);
        }
    }

    /** Of a new encoding of a secret nothing is lost; but what somebody changed meanwhile, perhaps that very secret, must stay. */
    private static boolean differsInSecretOnly(OAuthClient row, OAuthClient basis) {
        OAuthClient alike = row.toBuilder()
                .clientSecret(basis.clientSecret())
                .updatedAt(basis.updatedAt())
                .updatedBy(basis.updatedBy())
                .build();
        return alike.equals(basis);
    }

    private OAuthClient updated(RegisteredClient client, OAuthClient basis) {
        return rows.row(client, basis.toBuilder().updatedAt(access.now()).updatedBy(access.actor()));
    }

    /** Whether it was written: false when somebody else was faster. */
    private boolean update(OAuthClient row) {
        try {
            access.call(ray -> table().update(row, ray));
            return true;
        } catch (StaleRowException | RowNotFoundException e) {
            return false;
        } catch (DuplicateRowException e) {
            throw duplicate("client identifier", row, e);
        }
    }

    private boolean insert(RegisteredClient client) {
        OAuthClient row = rows.row(
                client,
                OAuthClient.builder().id(client.getId()).createdAt(access.now()).createdBy(access.actor()));
        refuseSecretOfAnother(row);
        try {
            access.call(ray -> table().insert(row, ray));
            return true;
        } catch (DuplicateRowException e) {
            if (e.key().equals("id")) {
                return false;
            }
            throw duplicate("client identifier", row, e);
        }
    }

    private void refuseSecretOfAnother(OAuthClient row) {
        EncodedSecret secret = row.clientSecret();
        if (secret == null) {
            return;
        }
        Optional<Page> page = Optional.of(Page.first(Page.MOST));
        while (page.isPresent()) {
            Page wanted = page.get();
            Slice<OAuthClient> slice = access.call(ray -> table().list(wanted, ray));
            for (OAuthClient other : slice.rows()) {
                if (!other.id().equals(row.id()) && isSame(secret, row.id(), other)) {
                    throw duplicate("client secret", row, null);
                }
            }
            page = slice.nextPage(Page.MOST);
        }
    }

    private boolean isSame(EncodedSecret secret, String id, OAuthClient other) {
        try {
            return secrets.isSame(secret, id, other);
        } catch (UnreadableValueException e) {
            LOG.warn("The secret of the client " + other.id() + " cannot be compared: " + e.getMessage());
            return false;
        }
    }

    private static IllegalArgumentException duplicate(
            String what, OAuthClient row, @Nullable DuplicateRowException cause) {
        return new IllegalArgumentException(
                "another registered client has the " + what + " of the client " + row.id(), cause);
    }

    private static IllegalStateException changedMeanwhile(RegisteredClient client) {
        return new IllegalStateException("the registered client " + client.getId()
                + " was changed by somebody else since it was loaded; load it again, and save that");
    }
}
