/** What is kept of somebody: docs/account.md and docs/data.md in a traveller's words. */
export function Kept() {
  return (
    <>
      <p>
        Your e-mail address, username and password (as a hash that nobody can read), the answers to
        your photos with what you said to them, and your trips are kept until you delete them or
        leave; logs of who asked for what, with network address and browser, go after 30 days at
        most, and sign-ins 30 days after they were last used.
      </p>
      <p>
        Photos are not kept: they are looked at and forgotten, very large ones after a day; the
        answer to a photo stays for 30 days, without your name, so that the same photo is answered
        sooner.
      </p>
      <p className="hint">
        Where a language model is set up, a small copy of a photo goes to whoever runs it when you
        ask for a description. The project’s documentation says all of it item by item:
        docs/account.md on taking your data along, docs/data.md on how long what stays.
      </p>
    </>
  );
}
