package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.model.Consent;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsent;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** Consents on a real database. */
class QscopeAuthorizationConsentServiceTest {

    @TempDir
    static Path folder;

    private static Storage storage;
    private static StorageAccess access;
    private static QscopeRegisteredClientRepository clients;
    private static QscopeAuthorizationConsentService consents;

    private final RegisteredClient client = RegisteredClients.bare().build();
    private final String user = "alice-" + RowIds.next();

    @BeforeAll
    static void open() {
        storage = Storage.open("sqlite:" + folder.resolve("consents.db"));
        access = StorageAccess.to(storage);
        clients = new QscopeRegisteredClientRepository(access);
        consents = new QscopeAuthorizationConsentService(access, clients);
    }

    @AfterAll
    static void close() {
        storage.close();
    }

    private OAuth2AuthorizationConsent consent(String... authorities) {
        return OAuth2AuthorizationConsent.withId(client.getId(), user)
                .authorities(
                        set -> Arrays.stream(authorities).forEach(each -> set.add(new SimpleGrantedAuthority(each))))
                .build();
    }

    @Test
    void authoritiesComeBackEqualScopesOrNot() {
        clients.save(client);
        OAuth2AuthorizationConsent full = consent(
                "SCOPE_read",
                "SCOPE_a,b",
                "SCOPE_",
                "SCOPE_with space",
                "SCOPE_\"\\",
                "SCOPE_urn:qscope:authority:x",
                "urn:qscope:authority:y",
                "ROLE_ADMIN",
                "with space",
                "ünï 🙂",
                "%41+",
                "read");
        consents.save(full);
        assertThat(consents.findById(client.getId(), user)).isEqualTo(full).isNotSameAs(full);
    }

    @Test
    void scopesAreScopesOfTheRow() {
        clients.save(client);
        consents.save(consent("SCOPE_read", "SCOPE_write"));
        assertThat(rows()).extracting(Consent::scopes).containsExactly(Set.of("read", "write"));
    }

    /** What a later Spring adds fails this, until it has its place. */
    @Test
    void consentHasThreeFields() {
        assertThat(Arrays.stream(OAuth2AuthorizationConsent.class.getDeclaredFields())
                        .filter(field -> !Modifier.isStatic(field.getModifiers()))
                        .map(Field::getName))
                .containsExactlyInAnyOrder("registeredClientId", "principalName", "authorities");
    }

    @Test
    void savedAgainItIsReplaced() {
        clients.save(client);
        consents.save(consent("SCOPE_a", "SCOPE_b"));
        consents.save(consent("SCOPE_b", "SCOPE_c"));
        consents.save(consent("SCOPE_b", "SCOPE_c"));
        assertThat(consents.findById(client.getId(), user)).isEqualTo(consent("SCOPE_b", "SCOPE_c"));
        assertThat(rows()).hasSize(1);
    }

    @Test
    void removedItIsGoneAndGivenAnewItIsAnother() {
        clients.save(client);
        consents.remove(consent("SCOPE_a"));
        consents.save(consent("SCOPE_a"));
        consents.remove(consent("SCOPE_other"));
        assertThat(consents.findById(client.getId(), user)).isNull();
        consents.remove(consent("SCOPE_a"));
        consents.save(consent("SCOPE_b"));
        assertThat(consents.findById(client.getId(), user)).isEqualTo(consent("SCOPE_b"));
        assertThat(rows()).hasSize(2);
    }

    @Test
    void savedByManyAtOnceThereIsOne() {
        clients.save(client);
        CompletableFuture.allOf(IntStream.range(0, 8)
                        .mapToObj(i -> CompletableFuture.runAsync(() -> consents.save(consent("SCOPE_" + i))))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(rows()).hasSize(1);
    }

    @Test
    void whatCannotBeStoredIsRefused() {
        clients.save(client);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consents.save(OAuth2AuthorizationConsent.withId(client.getId(), user)
                        .authority(() -> "LAMBDA")
                        .build()))
                .withMessageContaining("authorities");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consents.save(consent("\ud800")))
                .withMessageContaining("authorities");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consents.save(consent("SCOPE_" + "x".repeat(256))))
                .withMessageContaining("scopes");
        assertThat(consents.findById(client.getId(), user)).isNull();
    }

    @Test
    void unknownClientIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consents.save(consent("SCOPE_a")))
                .withMessageContaining(client.getId());
    }

    @Test
    void clientOfAnotherRepositoryGetsARowThatStandsForIt() {
        RegisteredClient restarted = RegisteredClients.bare()
                .clientId(client.getClientId())
                .clientSecret("{noop}x")
                .build();
        for (RegisteredClient each : List.of(client, restarted)) {
            QscopeAuthorizationConsentService service =
                    new QscopeAuthorizationConsentService(access, new InMemoryRegisteredClientRepository(each));
            OAuth2AuthorizationConsent consent = OAuth2AuthorizationConsent.withId(each.getId(), user)
                    .scope("a")
                    .build();
            service.save(consent);
            assertThat(service.findById(each.getId(), user)).isEqualTo(consent);
            assertThat(storage.clients().getById(each.getId(), RayId.random()).join())
                    .get()
                    .satisfies(row -> assertThat(row.clientSecret()).isNull());
            assertThat(clients.findById(each.getId())).isNull();
        }
    }

    private List<Consent> rows() {
        return storage.consents()
                .listByUser(user, Page.first(10), RayId.random())
                .join()
                .rows();
    }
}
