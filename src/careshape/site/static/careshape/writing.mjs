// Shows how a text reads while it is written, and puts figures at the cursor. Every page works by its buttons without this.
const form = document.querySelector('form[data-writing]')
const field = form?.querySelector('textarea[name=text]')
const shown = document.querySelector('[data-preview-content]')
const finder = document.querySelector('[data-finder]')
const FIND = '/work/writing/find/'
let timer, asked

function put (place, html) {
  const read = new DOMParser().parseFromString(html, 'text/html')
  place.replaceChildren(...read.body.childNodes)
}

async function preview () {
  asked?.abort()
  asked = new AbortController()
  const sent = new FormData(form)
  try {
    const answer = await fetch(form.dataset.writing, { method: 'POST', body: new URLSearchParams(sent), signal: asked.signal, cache: 'no-store' })
    if (answer.ok && !answer.redirected) put(shown, await answer.text())
  } catch (problem) {
    if (problem.name !== 'AbortError') timer = setTimeout(preview, 5000)
  }
}

function insert (text) {
  const at = field.selectionStart
  field.setRangeText(text, at, field.selectionEnd, 'end')
  field.focus()
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

function toLine (number) {
  const lines = field.value.split('\n')
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0)
  field.focus()
  field.setSelectionRange(start, start + (lines[number - 1]?.length ?? 0))
}

async function look (address) {
  const answer = await fetch(address, { cache: 'no-store' })
  if (answer.redirected) return
  put(finder, await answer.text())
  finder.querySelector('input[type=search]')?.focus()
}

// As the server adds what is chosen where there is no script: each line once, a second value of a filter on its line.
function added (text, chosen) {
  const lines = text.split('\n').map(line => line.trim()).filter(Boolean)
  const [name, value] = chosen.split('=').map(piece => piece.trim())
  const at = value === undefined ? -1 : lines.findIndex(line => line.split('=')[0].trim() === name)
  if (at < 0) return [...new Set([...lines, chosen])].join('\n')
  const several = (lines[at].split('=')[1] ?? '').split(';').map(one => one.trim()).filter(Boolean)
  lines[at] = `${name} = ${[...new Set([...several, value])].join('; ')}`
  return lines.join('\n')
}

function add (list) {
  const into = document.getElementById(list.dataset.add)
  into.value = added(into.value, list.value)
  into.rows = Math.max(2, into.value.split('\n').length + 1)
  list.value = ''
  into.dispatchEvent(new Event('input', { bubbles: true }))
}

if (form && shown) {
  for (const one of form.querySelectorAll('[data-without-script]')) one.remove()
  form.addEventListener('change', event => { if (event.target.matches('[data-add]') && event.target.value) add(event.target) })
  form.addEventListener('input', event => {
    if (event.target !== field && !event.target.matches('[data-field]')) return
    clearTimeout(timer)
    timer = setTimeout(preview, 400)
  })
  document.addEventListener('click', event => {
    const line = event.target.closest('a[data-line]')
    const give = event.target.closest('[data-insert]')
    const open = event.target.closest('[data-open-finder]')
    const find = event.target.closest('[data-finder] a[data-find]')
    if (line && !field) return
    if (line) toLine(Number(line.dataset.line))
    else if (give) insert(give.dataset.insert)
    else if (open) {
      finder.hidden = !finder.hidden
      if (!finder.hidden && !finder.childElementCount) look(`${FIND}?fragment=1`)
    } else if (find) look(find.href)
    else return
    event.preventDefault()
  })
  finder.addEventListener('submit', event => {
    event.preventDefault()
    look(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`)
  })
}
