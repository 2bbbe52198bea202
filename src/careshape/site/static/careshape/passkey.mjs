// Asks the device for a passkey and sends its answer with the form. Web Authentication has no way without script, so
// every page that uses this offers another way beside it.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0))
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

function prepared (options) {
  const ready = { ...options, challenge: toBytes(options.challenge) }
  if (options.user) ready.user = { ...options.user, id: toBytes(options.user.id) }
  for (const list of ['allowCredentials', 'excludeCredentials']) {
    if (options[list]) ready[list] = options[list].map((one) => ({ ...one, id: toBytes(one.id) }))
  }
  return ready
}

function written (credential) {
  const response = {}
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[part]) response[part] = toText(credential.response[part])
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response
  })
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.addEventListener('submit', async (event) => {
    if (form.elements.answer.value) return
    event.preventDefault()
    const problem = form.querySelector('[data-passkey-problem]')
    problem.textContent = ''
    try {
      const publicKey = prepared(JSON.parse(form.dataset.options))
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey })
      form.elements.answer.value = written(credential)
      form.submit()
    } catch (error) {
      problem.textContent = 'The device gave no passkey. Try again, or use another way.'
    }
  })
}
