// Lets a reader walk through a chart value by value, by pointer or keys, single out a series, and choose chart or table.
// Every chart can be read without this: as a picture, in words, in its table, and as data.
const KEYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }
const REACH = 24 // pixels within which a mark is pointed at; what is larger both ways is an area of a map
let charts = 0

function make (tag, attributes, ...children) {
  const one = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value)
  one.append(...children)
  return one
}

// The values of a drawing: each mark, with what it stands for, in the order of its series and from first to last.
function read (svg) {
  const marks = [...svg.querySelectorAll('path[data-at]')].filter(mark => mark.dataset.at)
  const series = [...new Set(marks.map(mark => mark.dataset.series))]
  const lines = svg.querySelector('path[data-at=""]')
  const at = mark => mark.getBoundingClientRect().x
  if (lines) marks.sort((one, other) => at(one) - at(other)) // a value that is suppressed is drawn last, wherever it stands
  const places = [...new Set(marks.map(mark => mark.dataset.at))]
  return { marks, series, places }
}

const isArea = box => Math.min(box.width, box.height) > REACH

function drawn (tag, name) {
  const one = document.createElementNS('http://www.w3.org/2000/svg', tag)
  one.setAttribute('class', name)
  return one
}

function words (mark) {
  const { at, series, text } = mark.dataset
  return `${series ? `${at}, ${series}` : at}: ${text}`
}

class Chart {
  constructor (figure, svg) {
    Object.assign(this, { figure, svg, ...read(svg) })
    this.number = ++charts
    this.title = svg.querySelector('title')?.textContent ?? ''
    this.here = null
    this.build()
    this.listen()
  }

  build () {
    const id = `cs-chart-${this.number}`
    const region = this.svg.parentElement
    const keys = this.series.length > 1
      ? 'Point at a value, or go from one to the next with the arrow keys: left and right along a series, up and down between series.'
      : 'Point at a value, or go from one to the next with the arrow keys.'
    this.tip = make('div', { class: 'cs-chart__tip', 'aria-hidden': 'true', hidden: '' })
    this.ring = drawn('g', 'cs-chart__rings')
    this.ring.append(drawn('path', 'cs-chart__ring'), drawn('path', 'cs-chart__ring cs-chart__ring--area'))
    this.stage = make('div', {
      class: 'cs-chart__stage', role: 'application', tabindex: '0', 'aria-roledescription': 'chart',
      'aria-label': `${this.title}, value by value`, 'aria-describedby': `${id}-keys`
    })
    this.svg.before(this.stage)
    this.stage.append(this.svg, this.tip)
    // What can be focused inside takes the place of the region that scrolls.
    region.removeAttribute('tabindex')
    this.stage.style.maxWidth = `${this.svg.getAttribute('width')}px`
    this.value = make('p', { class: 'govuk-body cs-chart__value', role: 'status' })
    region.after(this.value, make('p', { class: 'govuk-body-s cs-chart__keys', id: `${id}-keys` }, keys))
    this.tools = make('div', { class: 'cs-chart__tools' })
    const hint = this.figure.querySelector('.cs-chart__hint')
    ;(hint ?? region).before(this.tools)
    const beside = this.beside()
    if (beside.length) this.tools.append(this.choice(region, beside))
    if (this.series.length > 1) this.tools.append(this.legend())
  }

  // Buttons that single a series out by paling the others.
  legend () {
    const buttons = this.series.map(name => {
      const button = make('button', { type: 'button', class: 'cs-chart__button', 'aria-pressed': 'false' }, name)
      button.addEventListener('click', () => this.single(button.getAttribute('aria-pressed') === 'true' ? '' : name, buttons))
      return button
    })
    return make('div', { class: 'cs-chart__buttons', role: 'group', 'aria-label': 'Highlight' }, make('span', { 'aria-hidden': 'true' }, 'Highlight'), ...buttons)
  }

  single (name, buttons) {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.textContent === name))
    for (const mark of this.svg.querySelectorAll('[data-series]')) {
      mark.classList.toggle('cs-pale', Boolean(name) && mark.dataset.series !== name)
    }
  }

  // The table that holds the chart's values, where the page has it: its caption, and what scrolls.
  beside () {
    const name = this.figure.dataset.table
    const table = name && document.querySelector(`.cs-scroll[aria-labelledby="${CSS.escape(name)}"]`)
    if (!table) return []
    const caption = table.previousElementSibling
    return caption?.classList.contains('cs-caption') ? [caption, table] : [table]
  }

  choice (region, table) {
    const chart = () => [region, this.value, ...this.figure.querySelectorAll('.cs-chart__hint, .cs-chart__keys, [aria-label="Highlight"]')]
    const shows = { 'Chart and table': [true, true], 'Chart alone': [true, false], 'Table alone': [false, true] }
    const buttons = Object.entries(shows).map(([name, [first, second]], number) => {
      const button = make('button', { type: 'button', class: 'cs-chart__button', 'aria-pressed': String(!number) }, name)
      button.addEventListener('click', () => {
        for (const one of buttons) one.setAttribute('aria-pressed', String(one === button))
        for (const one of chart()) one.hidden = !first
        for (const one of table) one.hidden = !second
      })
      return button
    })
    return make('div', { class: 'cs-chart__buttons', role: 'group', 'aria-label': `Show: ${this.title}` }, make('span', { 'aria-hidden': 'true' }, 'Show'), ...buttons)
  }

  listen () {
    this.stage.addEventListener('keydown', event => this.key(event))
    this.stage.addEventListener('focus', () => { if (!this.here && this.stage.matches(':focus-visible')) this.go(this.marks[0], true) })
    this.stage.addEventListener('blur', () => this.leave())
    this.svg.addEventListener('pointermove', event => this.point(event))
    this.svg.addEventListener('pointerdown', event => this.point(event, true))
    this.stage.addEventListener('pointerleave', () => { if (document.activeElement !== this.stage) this.leave() })
  }

  key (event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Escape') return this.leave()
    const ends = { Home: 0, End: this.places.length - 1 }[event.key]
    if (!KEYS[event.key] && ends === undefined) return
    event.preventDefault()
    if (!this.here) return this.go(this.marks[0], true)
    let [along, across] = KEYS[event.key] ?? [0, 0]
    if (this.series.length === 1) [along, across] = [along + across, 0]
    const { at, series } = this.here.dataset
    const line = (this.series.indexOf(series) + across + this.series.length) % this.series.length
    let place = ends ?? this.places.indexOf(at) + along
    // A series may have no value at a place: the next that has one is taken.
    for (let found; place >= 0 && place < this.places.length; place += along) {
      found = this.marks.find(mark => mark.dataset.at === this.places[place] && mark.dataset.series === this.series[line])
      if (found) return this.go(found, true)
      if (!along) return
    }
  }

  // The mark under the pointer, or the nearest one within reach of it. An area of a map is pointed at inside it alone:
  // its corners lie in its neighbours.
  point (event, say = false) {
    let [best, reach] = [this.marks.find(mark => mark === event.target) ?? null, REACH]
    for (const mark of best ? [] : this.marks) {
      const box = mark.getBoundingClientRect()
      if (isArea(box)) continue
      const away = Math.hypot(
        Math.max(box.left - event.clientX, 0, event.clientX - box.right), Math.max(box.top - event.clientY, 0, event.clientY - box.bottom)
      )
      if (away < reach) [best, reach] = [mark, away]
    }
    if (best && best !== this.here) this.go(best, say)
    else if (!best && document.activeElement !== this.stage) this.leave()
  }

  go (mark, say) {
    this.here = mark
    if (say) mark.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    // A box round a mark; an area has a line along its own border, for its box lies across its neighbours.
    const spot = mark.getBoundingClientRect()
    const { x, y, width, height } = mark.getBBox()
    const round = `M${x - 3},${y - 3}h${width + 6}v${height + 6}h${-width - 6}Z`
    for (const line of this.ring.children) line.setAttribute('d', isArea(spot) ? mark.getAttribute('d') : round)
    this.ring.classList.toggle('cs-chart__rings--area', isArea(spot))
    this.ring.setAttribute('transform', mark.getAttribute('transform') ?? '')
    mark.parentNode.append(this.ring)
    this.tip.textContent = words(mark)
    this.tip.hidden = false
    const stage = this.stage.getBoundingClientRect()
    // Within what is seen of the drawing, which scrolls on a phone.
    const { scrollLeft, clientWidth } = this.stage.parentElement
    const last = scrollLeft + clientWidth - this.tip.offsetWidth
    const left = Math.max(scrollLeft, Math.min(spot.left + spot.width / 2 - stage.left - this.tip.offsetWidth / 2, last))
    const above = spot.top - stage.top - this.tip.offsetHeight - 8
    this.tip.style.left = `${left}px`
    this.tip.style.top = `${above < 0 ? spot.bottom - stage.top + 8 : above}px`
    if (say) this.value.textContent = words(mark)
  }

  leave () {
    this.here = null
    this.tip.hidden = true
    this.ring.remove()
  }
}

for (const figure of document.querySelectorAll('.cs-chart')) {
  const svg = figure.querySelector('svg')
  if (svg?.querySelector('path[data-at]:not([data-at=""])')) new Chart(figure, svg)
}
