package io.qscope.service;

import io.qscope.key.KeyRing;
import io.qscope.store.Storage;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * OAuth's rules over a storage: what an authorization server is written on. Safe for any number of threads.
 *
 * <pre>{@code
 * KeyRing keys = KeyRing.fromFile(Path.of("/etc/qscope/keys"));
 * try (Storage storage = Storage.open("sqlite:qscope.db", StorageOptions.with(keys));
 *         OAuthServices services = OAuthServices.builder(storage, keys).build()) {
 *     services.codes().redeem(credentials, redemption, RayId.random()).thenAccept(this::respond);
 * }
 * }</pre>
 */
public final class OAuthServices implements AutoCloseable {

    private final SecretHasher hasher = new SecretHasher();
    private final ServiceContext context;
    private final ClientService clients;
    private final AuthorizationCodeService codes;
    private final TokenService tokens;
    private final DeviceService devices;
    private final UserCodeService userCodes;
    private final ConsentService consents;
    private final UserAccountService users;
    private final OperatorService operator;
    private final AuditService audit;
    private final KeyService keys;

    private OAuthServices(Builder settings) {
        context = new ServiceContext(settings.storage, settings.keys, settings.clock, settings.policy);
        ClientAuthenticator authenticator = new ClientAuthenticator(context, hasher);
        clients = new ClientService(context, authenticator, hasher);
        codes = new AuthorizationCodeService(context, authenticator);
        tokens = new TokenService(context, authenticator);
        devices = new DeviceService(context, authenticator);
        userCodes = new UserCodeService(context);
        consents = new ConsentService(context);
        users = new UserAccountService(context, hasher);
        operator = new OperatorService(context);
        audit = new AuditService(context);
        keys = new KeyService(context);
    }

    /** Settings for services over a storage, which stays the caller's to close, with a key ring that stays as it is. */
    public static Builder builder(Storage storage, KeyRing keys) {
        Objects.requireNonNull(keys, "keys");
        return builder(storage, () -> keys);
    }

    /** As {@link #builder(Storage, KeyRing)}, with a callback for the key ring, which must answer at once. */
    public static Builder builder(Storage storage, Supplier<KeyRing> keys) {
        return new Builder(storage, keys);
    }

    /** Clients. */
    public ClientService clients() {
        return clients;
    }

    /** Authorization codes. */
    public AuthorizationCodeService codes() {
        return codes;
    }

    /** Client credentials, refreshing, introspection and revocation. */
    public TokenService tokens() {
        return tokens;
    }

    /** The device's side of the device flow. */
    public DeviceService devices() {
        return devices;
    }

    /** The user's side of the device flow. */
    public UserCodeService userCodes() {
        return userCodes;
    }

    /** What users have agreed to. */
    public ConsentService consents() {
        return consents;
    }

    /** Users who can sign in, of a server that keeps them here. */
    public UserAccountService users() {
        return users;
    }

    /** Looking at what is stored and ending it, for those in charge of the server. */
    public OperatorService operator() {
        return operator;
    }

    /** The audit log. */
    public AuditService audit() {
        return audit;
    }

    /** The key ring's housekeeping. */
    public KeyService keys() {
        return keys;
    }

    /** Ends the threads that hash secrets. The storage stays open. */
    @Override
    public void close() {
        hasher.close();
        context.close();
    }

    /** Settings, each of which has a value from the start. For one thread. */
    public static final class Builder {

        private final Storage storage;
        private final Supplier<KeyRing> keys;
        private InstantSource clock = InstantSource.system();
        private ServicePolicy policy = ServicePolicy.defaults();

        private Builder(Storage storage, Supplier<KeyRing> keys) {
            this.storage = Objects.requireNonNull(storage, "storage");
            this.keys = Objects.requireNonNull(keys, "keys");
        }

        /** What tells the time; the system's clock unless set. */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /** What the deployment decides; {@link ServicePolicy#defaults()} unless set. */
        public Builder policy(ServicePolicy decided) {
            this.policy = Objects.requireNonNull(decided, "decided");
            return this;
        }

        /** The services. */
        public OAuthServices build() {
            return new OAuthServices(this);
        }
    }
}
