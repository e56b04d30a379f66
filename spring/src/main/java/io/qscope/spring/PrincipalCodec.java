package io.qscope.spring;

import org.springframework.security.core.Authentication;

/**
 * Turns the user of an authorization into text and back: the one thing in it whose classes are an application's own. Replace it
 * by a bean, when {@link JacksonPrincipalCodec} does not know your principals. Must be safe for any number of threads.
 */
public interface PrincipalCodec {

    /**
     * A name and version, stored beside what this codec wrote. What another name stands beside is refused, so a codec that writes
     * another form takes another name, and one that still reads earlier forms does so under the name that they have.
     *
     * @return 1 to 64 characters, always the same
     */
    String name();

    /**
     * Writes a principal.
     *
     * @return text, of any characters but U+0000
     * @throws IllegalArgumentException when {@link #decode} could not make an equal one of it, naming the class that is in the way
     */
    String encode(Authentication principal);

    /**
     * Reads what {@link #encode} wrote. The text comes from a database, and may have been changed there: no class that it names
     * may be instantiated unless it is known to be harmless.
     *
     * @return the principal
     * @throws RuntimeException of any kind when the text cannot be read; the authorization is then treated as absent
     */
    Authentication decode(String text);
}
