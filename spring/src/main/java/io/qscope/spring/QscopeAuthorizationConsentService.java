package io.qscope.spring;

import io.qscope.model.Consent;
import io.qscope.model.RowIds;
import io.qscope.store.ConsentTable;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.StaleRowException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsent;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.util.Assert;

/**
 * Spring's authorization consents, as rows of the storage's consents. Authorities come back equal, also those that are no scopes.
 * Safe for any number of threads and processes.
 */
public final class QscopeAuthorizationConsentService implements OAuth2AuthorizationConsentService {

    /** How often a save that others came before is tried anew, before somebody must be wrong. */
    private static final int MOST_TRIES = 20;

    private final StorageAccess access;
    private final ClientReferences references;

    /** @param clients where the application keeps its clients; a consent is for one of them */
    public QscopeAuthorizationConsentService(StorageAccess access, RegisteredClientRepository clients) {
        this.access = Objects.requireNonNull(access, "access");
        this.references = new ClientReferences(access, Objects.requireNonNull(clients, "clients"));
    }

    /**
     * Stores a consent, or replaces the authorities of the one that the user has given the client.
     *
     * <p>Repeat: nothing changes. Concurrency: the last one stays, as a whole. One that was removed meanwhile is not revived:
     * what is saved is a new one, with a row of its own.
     *
     * @throws IllegalArgumentException when there is no such client, or naming what cannot be stored
     * @throws TemporarilyUnavailableException when the storage cannot be reached
     */
    @Override
    public void save(OAuth2AuthorizationConsent authorizationConsent) {
        Assert.notNull(authorizationConsent, "authorizationConsent cannot be null");
        Set<String> scopes = authorizationConsent.getAuthorities().stream()
                .map(ConsentAuthorities::stored)
                .collect(Collectors.toUnmodifiableSet());
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Consent> stored =
                    live(authorizationConsent.getRegisteredClientId(), authorizationConsent.getPrincipalName());
            if (stored.isPresent() ? update(stored.get(), scopes) : insert(authorizationConsent, scopes)) {
                return;
            }
        }
        throw new IllegalStateException("the consent for the client " + authorizationConsent.getRegisteredClientId()
                + " was changed by others again and again while it was saved");
    }

    /**
     * Takes the consent back that the user has given the client, whatever its authorities; does nothing when there is none.
     *
     * @throws TemporarilyUnavailableException when the storage cannot be reached
     */
    @Override
    public void remove(OAuth2AuthorizationConsent authorizationConsent) {
        Assert.notNull(authorizationConsent, "authorizationConsent cannot be null");
        live(authorizationConsent.getRegisteredClientId(), authorizationConsent.getPrincipalName())
                .ifPresent(row -> access.call(ray -> table().revoke(row.id(), access.attempt(), ray)));
    }

    /** @throws TemporarilyUnavailableException when the storage cannot be reached */
    @Override
    public @Nullable OAuth2AuthorizationConsent findById(String registeredClientId, String principalName) {
        Assert.hasText(registeredClientId, "registeredClientId cannot be empty");
        Assert.hasText(principalName, "principalName cannot be empty");
        Optional<Consent> row = live(registeredClientId, principalName);
        if (row.isEmpty() || row.get().scopes().isEmpty()) {
            return null;
        }
        OAuth2AuthorizationConsent.Builder builder =
                OAuth2AuthorizationConsent.withId(registeredClientId, principalName);
        row.get().scopes().forEach(scope -> builder.authority(ConsentAuthorities.given(scope)));
        return builder.build();
    }

    private ConsentTable table() {
        return access.storage().consents();
    }

    private Optional<Consent> live(String clientId, String principalName) {
        return access.call(ray -> table().getByClientAndUser(clientId, principalName, ray));
    }

    /** Whether it was written: false when somebody else was faster. */
    private boolean update(Consent stored, Set<String> scopes) {
        if (stored.scopes().equals(scopes)) {
            return true;
        }
        Consent row = stored.toBuilder()
                .scopes(scopes)
                .updatedAt(access.now())
                .updatedBy(access.actor())
                .build();
        try {
            access.call(ray -> table().update(row, ray));
            return true;
        } catch (StaleRowException | RowNotFoundException e) {
            return false;
        }
    }

    private boolean insert(OAuth2AuthorizationConsent consent, Set<String> scopes) {
        Consent row = Consent.builder()
                .id(RowIds.next())
                .clientId(consent.getRegisteredClientId())
                .userId(consent.getPrincipalName())
                .scopes(scopes)
                .createdAt(access.now())
                .createdBy(access.actor())
                .build();
        try {
            references.writing(row.clientId(), () -> access.call(ray -> table().insert(row, ray)));
            return true;
        } catch (DuplicateRowException e) {
            return false;
        }
    }
}
