package io.qscope.spring;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.jackson.SecurityJacksonModules;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * Principals as the JSON of Spring Security's own Jackson modules. The JSON names classes, and only those on the modules'
 * allowlist are instantiated: Spring Security's own, and the JDK's unmodifiable collections. A class of yours is added by {@link
 * #allowing}; Jackson has to be able to construct it, by a constructor with names or annotations.
 *
 * <p>What it writes it reads at once, so that a principal that could not be read later is refused when it is saved. Who logged in by
 * name and password, with no class but Spring Security's own, is written in a short form that names no class, which is read faster.
 */
public final class JacksonPrincipalCodec implements PrincipalCodec {

    private static final String NAME = "spring-security-jackson/1";
    private static final String UNMODIFIABLE = "java.util.ImmutableCollections$";

    /** Of plain values. */
    private final JsonMapper forms = new JsonMapper();

    private final ObjectWriter writer;
    private final ObjectReader reader;

    /** With Spring Security's allowlist. */
    public JacksonPrincipalCodec() {
        this(builder -> {});
    }

    private JacksonPrincipalCodec(Consumer<BasicPolymorphicTypeValidator.Builder> allowlist) {
        BasicPolymorphicTypeValidator.Builder validator = BasicPolymorphicTypeValidator.builder();
        validator.allowIfSubType(UNMODIFIABLE);
        allowlist.accept(validator);
        JsonMapper mapper = JsonMapper.builder()
                .addModules(SecurityJacksonModules.getModules(loader(), validator))
                .build();
        // As Object, so that also a final class is named.
        this.writer = mapper.writerFor(Object.class);
        this.reader = mapper.readerFor(Object.class);
    }

    /**
     * With Spring Security's allowlist and these classes of your own, not their subclasses.
     *
     * @param classes of principals, authorities and details
     */
    public static JacksonPrincipalCodec allowing(Class<?>... classes) {
        List<String> names = List.of(classes).stream().map(Class::getName).toList();
        return new JacksonPrincipalCodec(builder ->
                builder.allowIfSubType(new BasicPolymorphicTypeValidator.TypeMatcher() {
                    @Override
                    public boolean match(tools.jackson.databind.DatabindContext context, Class<?> type) {
                        return names.contains(type.getName());
                    }
                }));
    }

    private static ClassLoader loader() {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        return ofThread != null ? ofThread : JacksonPrincipalCodec.class.getClassLoader();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String encode(Authentication principal) {
        try {
            List<?> form = PasswordLogin.form(principal);
            if (form != null) {
                return forms.writeValueAsString(form);
            }
            String text = writer.writeValueAsString(principal);
            Object read = reader.readValue(text);
            if (isLike(principal, read)) {
                return text;
            }
        } catch (JacksonException e) {
            throw refused(principal, e);
        }
        throw refused(principal, null);
    }

    @Override
    public Authentication decode(String text) {
        // An array is the short form; Jackson's modules write an object.
        return text.startsWith("[") ? PasswordLogin.of(forms.readValue(text, List.class)) : reader.readValue(text);
    }

    /** Not equal, since a principal's own class may not define that. */
    private static boolean isLike(Authentication principal, @Nullable Object other) {
        return other instanceof Authentication read
                && read.getClass() == principal.getClass()
                && read.isAuthenticated() == principal.isAuthenticated()
                && read.getName().equals(principal.getName())
                && classOf(read.getPrincipal()) == classOf(principal.getPrincipal())
                && names(read.getAuthorities()).equals(names(principal.getAuthorities()));
    }

    private static @Nullable Class<?> classOf(@Nullable Object object) {
        return object == null ? null : object.getClass();
    }

    private static List<@Nullable String> names(Collection<? extends GrantedAuthority> authorities) {
        return authorities.stream()
                .<@Nullable String>map(GrantedAuthority::getAuthority)
                .toList();
    }

    /** Jackson's message may quote what it read; its path says where. */
    private static IllegalArgumentException refused(Authentication principal, @Nullable JacksonException cause) {
        String where = cause == null || cause.getPath().isEmpty() ? "" : ", at " + cause.getPathReference();
        return new IllegalArgumentException(
                "a principal of the class " + principal.getClass().getName() + " with "
                        + (principal.getPrincipal() == null
                                ? "none"
                                : principal.getPrincipal().getClass().getName())
                        + " as its user would not come back as it is" + where
                        + "; allow your own classes by JacksonPrincipalCodec.allowing(…), or bring a PrincipalCodec of your own");
    }
}
